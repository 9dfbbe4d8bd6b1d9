import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { NodeDocument } from '@orderlines/process-engine';
import { ExpressionInput } from '../form/expression-input.js';
import { changeNode } from '../model/flows.js';
import { expressionOfRows, rowsOfCondition, SIGNS, type GatewayRow, type Sign } from '../model/gateway.js';
import { DesignerSession } from '../session/designer-session.js';

type SwitchNode = Extract<NodeDocument, { type: 'switch' }>;
type Case = SwitchNode['cases'][number];

/** A gateway: its cases as rows of *value – operator – value*, with the expression beside them. */
@Component({
  selector: 'ol-gateway-panel',
  imports: [ExpressionInput, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './gateway-panel.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
    }
    fieldset {
      display: flex;
      flex-direction: column;
      gap: 8px;
      padding: 10px;
      border: 1px solid var(--line);
      border-radius: 8px;
    }
    .compare {
      display: grid;
      grid-template-columns: 62px 1fr auto;
      gap: 4px;
      align-items: start;
    }
    .compare > :first-child {
      grid-column: 1 / -1;
    }
  `,
})
export class GatewayPanel {
  private readonly session = inject(DesignerSession);
  readonly node = input.required<SwitchNode>();

  protected readonly signs = Object.keys(SIGNS) as Sign[];
  protected readonly cases = computed(() => this.node().cases.map((way) => ({ way, rows: rowsOfCondition(way.when) })));
  protected readonly targets = computed(() => {
    const nodes = this.session.places().get(this.node().id)?.flow.nodes ?? [];
    return nodes.filter(({ id }) => id !== this.node().id);
  });
  protected readonly nodes = computed(() => [...this.session.places().keys()].filter((id) => id !== this.node().id));

  protected textOf({ when }: Case): string {
    return String(when);
  }

  private write(cases: readonly Case[]): void {
    const { id } = this.node();
    this.session.edit(
      'designer.edit.gateway',
      (document) => changeNode(document, id, (node) => ({ ...node, cases }) as NodeDocument),
      true,
    );
  }

  protected change(index: number, changed: Partial<Case>): void {
    this.write(this.node().cases.map((way, at) => (at === index ? { ...way, ...changed } : way)));
  }

  protected condition(index: number, text: string): void {
    this.change(index, { when: text === 'true' ? true : text === 'false' ? false : text });
  }

  protected rows(index: number, rows: readonly GatewayRow[]): void {
    this.change(index, { when: expressionOfRows(rows) });
  }

  protected setRow(index: number, rows: readonly GatewayRow[], at: number, row: GatewayRow): void {
    this.rows(index, rows.with(at, row));
  }

  protected changeRow(
    index: number,
    rows: readonly GatewayRow[],
    at: number,
    changed: { left?: string; sign?: Sign | undefined; right?: string },
  ): void {
    const row = rows[at];
    if (row?.kind === 'compare') this.setRow(index, rows, at, { ...row, ...changed, sign: changed.sign ?? row.sign });
  }

  protected removeRow(index: number, rows: readonly GatewayRow[], at: number): void {
    this.rows(index, rows.toSpliced(at, 1));
  }

  protected addCompare(index: number, rows: readonly GatewayRow[]): void {
    const [param] = this.session.document().params ?? [];
    const [variable] = this.session.document().variables ?? [];
    const left = variable ? `vars.${variable.name}` : param ? `params.${param.name}` : 'run.number';
    this.rows(index, [...rows, { kind: 'compare', left, sign: '=', right: '1' }]);
  }

  protected addOutcome(index: number, rows: readonly GatewayRow[]): void {
    const [node = 'node'] = this.nodes();
    this.rows(index, [...rows, { kind: 'outcome', node, outcome: 'failed' }]);
  }

  protected addCase(): void {
    this.write([...this.node().cases, { when: '${{ true }}', next: this.targets()[0]?.id ?? 'end' }]);
  }

  protected removeCase(index: number): void {
    this.write(this.node().cases.filter((_, at) => at !== index));
  }

  protected moveCase(index: number, by: number): void {
    const moved = this.node().cases[index];
    if (moved !== undefined)
      this.write(
        this.node()
          .cases.toSpliced(index, 1)
          .toSpliced(Math.max(0, index + by), 0, moved),
      );
  }

  protected setDefault(target: string): void {
    const { id } = this.node();
    this.session.edit('designer.edit.gateway', (document) =>
      changeNode(document, id, (node) => {
        const { default: _before, ...others } = node as SwitchNode;
        return target === '' ? (others as SwitchNode) : { ...(node as SwitchNode), default: target };
      }),
    );
  }
}
