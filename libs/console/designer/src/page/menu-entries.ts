import { inject, Injectable } from '@angular/core';
import { placeOf } from '../model/flows.js';
import { RunSession } from '../run/run-session.js';
import { DesignerSession } from '../session/designer-session.js';
import { ChosenNodes } from './chosen-nodes.js';
import type { MenuEntry } from './node-menu.js';

/** What the menu of the canvas does with the canvas itself. */
export interface CanvasDeeds {
  readonly chooseAll: () => void;
  readonly layOut: () => void;
  readonly fit: () => void;
}

/** What the menu offers for a node and for the canvas: edits, and at a stop the steps of a debugged run. */
@Injectable()
export class MenuEntries {
  private readonly session = inject(DesignerSession);
  private readonly chosen = inject(ChosenNodes);
  private readonly runs = inject(RunSession);

  ofNode(id: string): readonly MenuEntry[] {
    const breakpoint: MenuEntry = { word: 'designer.breakpoint', icon: 'bug', deed: () => this.toggleBreakpoint(id) };
    if (this.runs.isGoing()) return [...this.stepsAt(id), breakpoint];
    return [
      breakpoint,
      { word: 'designer.menu.disable', icon: 'stop', deed: () => this.chosen.toggle(id, 'disabled') },
      { word: 'designer.copy', icon: 'copy', keys: 'Ctrl C', deed: () => this.chosen.copy() },
      { word: 'designer.menu.duplicate', icon: 'plus', keys: 'Ctrl D', deed: () => this.chosen.duplicate() },
      ...(this.chosen.container() === undefined
        ? []
        : [{ word: 'designer.fold', icon: 'inbox', deed: () => this.chosen.toggleClosed() } satisfies MenuEntry]),
      { word: 'designer.moveOut', icon: 'logout', isDisabled: !this.chosen.isInside(), deed: () => this.chosen.moveOut() },
      { word: 'designer.delete', icon: 'delete', keys: 'Del', isGrave: true, deed: () => this.chosen.remove() },
    ];
  }

  ofCanvas({ chooseAll, layOut, fit }: CanvasDeeds): readonly MenuEntry[] {
    const isFixed = this.runs.isGoing();
    const cannotPaste = isFixed || !this.chosen.canPaste;
    return [
      { word: 'designer.menu.paste', icon: 'file-add', keys: 'Ctrl V', isDisabled: cannotPaste, deed: () => this.chosen.paste() },
      { word: 'designer.menu.all', icon: 'check', keys: 'Ctrl A', deed: chooseAll },
      { word: 'designer.layout', icon: 'apartment', isDisabled: isFixed, deed: layOut },
      { word: 'designer.fit', icon: 'fullscreen', deed: fit },
    ];
  }

  /** In the definition, or while a debugged run goes on in the run. */
  toggleBreakpoint(id: string): void {
    const isSet = (placeOf(this.session.document(), id)?.node.breakpoint ?? false) !== false;
    if (this.runs.isGoing()) void this.runs.debug({ action: 'breakpoints', set: isSet ? [] : [id], clear: isSet ? [id] : [] });
    else this.chosen.toggle(id, 'breakpoint');
  }

  /** What a person does to a node at which a debugged run stands. */
  private stepsAt(id: string): readonly MenuEntry[] {
    const task = this.runs.stops().find(({ nodeId }) => nodeId === id)?.id;
    if (task === undefined) return [];
    return (['step', 'into', 'continue', 'skip', 'rerun'] as const).map((action) => ({
      word: `designer.debug.${action}`,
      icon: action === 'rerun' ? 'reload' : 'step-forward',
      deed: () => void this.runs.debug({ action, task }),
    }));
  }
}
