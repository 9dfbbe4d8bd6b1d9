import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { lookOf } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import type { DrawnNode, FlowDrawing } from './flow-drawing.js';
import type { NodeState } from './run-state.js';

const ZOOMS = [0.4, 0.55, 0.7, 0.85, 1, 1.2] as const;

/** The process as a graph, its nodes coloured by how they stand. */
@Component({
  selector: 'ol-flow-graph',
  imports: [NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './flow-graph.html',
  styleUrl: './flow-graph.scss',
})
export class FlowGraph {
  readonly drawing = input.required<FlowDrawing>();
  readonly states = input.required<ReadonlyMap<string, NodeState>>();
  readonly selected = input<string>();
  readonly picked = output<string>();

  private readonly step = signal(3);
  protected readonly zoom = computed(() => ZOOMS[this.step()] ?? 1);
  protected readonly edges = computed(() =>
    this.drawing().edges.map((edge) => {
      const [from, to] = [this.states().get(edge.from), this.states().get(edge.to)];
      const isTaken =
        from !== undefined && to !== undefined && to.status !== 'SKIP' && ['SUCCESS', 'FAILURE', 'SKIP'].includes(from.status);
      return { ...edge, isTaken, isActive: isTaken && to.status === 'RUNNING' };
    }),
  );

  protected look(node: DrawnNode) {
    const state = this.states().get(node.id);
    return state ? { ...lookOf(state.status), status: state.status, count: state.count } : undefined;
  }

  protected zoomBy(by: number): void {
    this.step.update((step) => Math.min(ZOOMS.length - 1, Math.max(0, step + by)));
  }
}
