import { computed, inject, Injectable } from '@angular/core';
import type { NodeDocument } from '@orderlines/process-engine';
import { copy, paste, type Clipping } from '../model/clipboard.js';
import { closedAs, drawingOf, placedAt } from '../model/drawing.js';
import { changeNode, isContainer, MAIN_FLOW, placeOf } from '../model/flows.js';
import { moveOut } from '../model/move.js';
import { remove } from '../model/remove.js';
import { DesignerSession } from '../session/designer-session.js';

/** What a person does to the nodes that are chosen, be it by the toolbar, the menu of a node or the keyboard. */
@Injectable()
export class ChosenNodes {
  private readonly session = inject(DesignerSession);
  private clipping: Clipping | undefined;

  readonly container = computed(() => {
    const node = this.session.chosen();
    return node !== undefined && isContainer(node) ? node : undefined;
  });
  readonly isInside = computed(() => {
    const [first] = this.session.selection();
    return first !== undefined && (this.session.places().get(first)?.flow.owner ?? '') !== '';
  });

  get canPaste(): boolean {
    return this.clipping !== undefined;
  }

  remove(): void {
    const ids = new Set(this.session.selection());
    this.session.edit('designer.edit.delete', (document) => remove(document, ids));
    this.session.choose([]);
  }

  copy(): void {
    if (this.session.selection().length > 0) this.clipping = copy(this.session.document(), this.session.selection());
  }

  paste(): void {
    const clipping = this.clipping;
    if (clipping === undefined) return;
    const container = this.session.chosen();
    const flow = (container && placeOf(this.session.document(), container.id)?.flow.key) ?? MAIN_FLOW;
    const pasted = paste(this.session.document(), clipping, flow);
    if (this.session.edit('designer.edit.paste', () => pasted.document)) this.session.choose(pasted.ids);
  }

  duplicate(): void {
    this.copy();
    this.paste();
  }

  moveOut(): void {
    this.session.edit('designer.edit.moveOut', (document) => moveOut(document, this.session.selection()));
  }

  toggleClosed(): void {
    const node = this.container();
    if (node === undefined) return;
    const place = drawingOf(this.session.document()).nodes[node.id] ?? { x: 80, y: 120 };
    this.session.edit('designer.edit.fold', (document) => closedAs(document, node.id, !(place.closed ?? false), place));
  }

  /** Puts the chosen nodes under each other. */
  align(): void {
    const places = this.places();
    const x = Math.min(...places.map(([, place]) => place.x));
    this.session.edit('designer.edit.align', (document) =>
      placedAt(document, Object.fromEntries(places.map(([id, { y }]) => [id, { x, y }]))),
    );
  }

  nudge(dx: number, dy: number): void {
    const moved = this.places().map(([id, { x, y }]) => [id, { x: x + dx, y: y + dy }] as const);
    if (moved.length > 0) this.session.edit('designer.edit.move', (document) => placedAt(document, Object.fromEntries(moved)), true);
  }

  /** Sets or takes away a key that says yes. */
  toggle(id: string, key: 'breakpoint' | 'disabled'): void {
    this.session.edit(key === 'breakpoint' ? 'designer.edit.breakpoint' : 'designer.edit.change', (document) =>
      changeNode(document, id, (node) => {
        const { [key]: before = false, ...others } = node;
        return (before === false ? { ...node, [key]: true } : others) as NodeDocument;
      }),
    );
  }

  private places(): (readonly [id: string, place: { readonly x: number; readonly y: number }])[] {
    const { nodes } = drawingOf(this.session.document());
    return this.session.selection().flatMap((id) => (nodes[id] ? [[id, nodes[id]] as const] : []));
  }
}
