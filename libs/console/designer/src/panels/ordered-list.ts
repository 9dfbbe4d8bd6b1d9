import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { StatusBadge } from '@orderlines/console/ui';
import { input } from '@angular/core';
import { kindOf } from '../canvas/node-looks.js';
import { changeFlow, flowKey, MAIN_FLOW, sectionsOf, type FlowKey } from '../model/flows.js';
import { movedInList } from '../model/order.js';
import { remove } from '../model/remove.js';
import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { DesignerSession } from '../session/designer-session.js';

interface Row {
  readonly index: string;
  readonly depth: number;
  readonly node: NodeDocument;
  readonly flow: FlowKey;
  readonly first: boolean;
  readonly last: boolean;
}

/** The same flow as a list, in the order of the document. */
@Component({
  selector: 'ol-ordered-list',
  imports: [StatusBadge, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <table class="table">
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">{{ 'designer.key.name' | transloco }}</th>
          <th scope="col">{{ 'designer.key.type' | transloco }}</th>
          <th scope="col">
            <span class="visually-hidden">{{ 'ui.actions' | transloco }}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        @for (row of rows(); track row.node.id) {
          <tr
            [class.selected]="session.selection().includes(row.node.id)"
            [attr.data-row]="row.node.id"
            [draggable]="editable()"
            (dragstart)="drag($event, row)"
            (dragover)="allow($event, row)"
            (drop)="drop($event, row)"
            (click)="shown.emit(row.node.id)"
          >
            <td class="number">{{ row.index }}</td>
            <td [style.padding-left.px]="12 + row.depth * 16">
              {{ row.node.name ?? row.node.id }}
              @if (row.node.breakpoint) {
                <span class="point" [title]="'designer.breakpoint' | transloco"></span>
              }
              @if (statuses().get(row.node.id); as status) {
                <ol-status [status]="status" />
              }
            </td>
            <td class="soft">{{ kindOf(row.node) }}</td>
            <td class="actions">
              @if (editable()) {
                <button
                  class="button quiet small icon"
                  type="button"
                  [disabled]="row.first"
                  [attr.aria-label]="'designer.up' | transloco"
                  (click)="$event.stopPropagation(); move(row, -1)"
                >
                  ↑
                </button>
                <button
                  class="button quiet small icon"
                  type="button"
                  [disabled]="row.last"
                  [attr.aria-label]="'designer.down' | transloco"
                  (click)="$event.stopPropagation(); move(row, 1)"
                >
                  ↓
                </button>
                <button
                  class="button quiet small icon"
                  type="button"
                  [attr.aria-label]="'designer.delete' | transloco"
                  (click)="$event.stopPropagation(); remove(row)"
                >
                  ×
                </button>
              }
            </td>
          </tr>
        }
      </tbody>
    </table>
  `,
  styles: `
    :host {
      display: block;
      overflow: auto;
    }
    td {
      font-size: 13px;
      cursor: pointer;
    }
    .point {
      display: inline-block;
      width: 9px;
      height: 9px;
      border-radius: 50%;
      background: var(--failure-fill);
    }
  `,
})
export class OrderedList {
  protected readonly session = inject(DesignerSession);
  readonly editable = input(true);
  readonly statuses = input<ReadonlyMap<string, string>>(new Map());
  readonly shown = output<string>();
  protected readonly kindOf = kindOf;
  protected readonly rows = computed(() => rowsOf(this.session.document()));
  private dragged: Row | undefined;

  protected move({ node, flow }: Row, by: number): void {
    this.session.edit('designer.edit.reorder', (document) => changeFlow(document, flow, (nodes) => movedInList(nodes, node.id, by)));
  }

  protected remove({ node }: Row): void {
    this.session.edit('designer.edit.delete', (document) => remove(document, new Set([node.id])));
  }

  protected drag(event: DragEvent, row: Row): void {
    this.dragged = row;
    event.dataTransfer?.setData('text/plain', row.node.id);
  }

  protected allow(event: DragEvent, row: Row): void {
    if (this.dragged?.flow === row.flow) event.preventDefault();
  }

  protected drop(event: DragEvent, row: Row): void {
    event.preventDefault();
    const dragged = this.dragged;
    this.dragged = undefined;
    if (dragged === undefined || dragged.flow !== row.flow) return;
    this.move(dragged, Number(row.index.split('.').at(-1)) - Number(dragged.index.split('.').at(-1)));
  }
}

function rowsOf(document: ProcessDocument): readonly Row[] {
  const rows: Row[] = [];
  const walk = (container: NodeDocument | ProcessDocument, owner: string, prefix: string, depth: number): void => {
    for (const [section, nodes] of sectionsOf(container)) {
      const flow = flowKey(owner, section);
      const name = flow === MAIN_FLOW || section === 'flow' || section === 'nodes' ? prefix : `${prefix}${section.split('/').at(-1)}.`;
      nodes.forEach((node, index) => {
        rows.push({ index: `${name}${index + 1}`, depth, node, flow, first: index === 0, last: index === nodes.length - 1 });
        walk(node, node.id, `${name}${index + 1}.`, depth + 1);
      });
    }
  };
  walk(document, '', '', 0);
  return rows;
}
