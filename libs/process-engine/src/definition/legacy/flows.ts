import type { GroupDocument, NodeDocument, ParallelDocument } from '../document.js';
import { followersOf } from './links.js';
import type { LinkedNode } from './nodes.js';
import { StepBuilder, type StepTools } from './steps.js';

/** Turns linked nodes into flows: lists whose nodes follow each other unless `next` says otherwise. */
export class FlowBuilder {
  private readonly steps: StepBuilder;
  private namedLanes = 0;

  constructor(private readonly tools: StepTools) {
    this.steps = new StepBuilder(tools);
  }

  /** The flow of the process. */
  main(): NodeDocument[] {
    const { structure, orders } = this.tools;
    return this.sequence(orders.main, (id) => structure.successors.get(id));
  }

  /**
   * Nodes in a list. `next` is written where the following node is another one, and where that node has several
   * entrances: a branch that silently runs on into another's way would look like a mistake.
   */
  private sequence(ids: readonly string[], successor: (id: string) => string | undefined): NodeDocument[] {
    const { structure } = this.tools;
    const entrances = new Map<string, number>();
    for (const id of ids) {
      for (const follower of new Set(followersOf(structure, id))) entrances.set(follower, (entrances.get(follower) ?? 0) + 1);
    }
    return ids.flatMap((id, index) => {
      const node = structure.nodes.get(id);
      if (node === undefined) return [];
      const following = ids[index + 1];
      const next = successor(id);
      const runsOn = next === following && (following === undefined || (entrances.get(following) ?? 0) < 2);
      return this.node(node, runsOn ? undefined : this.steps.jump(next));
    });
  }

  private node(node: LinkedNode, next: string | undefined): NodeDocument[] {
    const { report } = this.tools;
    switch (node.kind) {
      case 'start':
      case 'frame':
        return [];
      case 'end':
        return [{ ...this.steps.head(node), type: 'end' }];
      case 'gateway':
        return [this.steps.gateway(node)];
      case 'group':
        return [this.group(node, next)];
      case 'parallel':
        return [this.parallel(node, next)];
      case 'task':
        return this.steps.task(node, next);
      case 'sub_process': {
        const message = `\`${node.id}\` runs another process; sub_process nodes cannot be imported yet.`;
        report.error([...node.source.path, 'task_type'], 'sub-process', message);
        return [];
      }
    }
  }

  private group(node: LinkedNode, next: string | undefined): GroupDocument {
    const { timeout, retry } = this.tools.settings.of(node);
    const set = this.steps.set(node);
    return {
      ...this.steps.head(node),
      type: 'group',
      flow: this.members(node),
      ...(set === undefined ? {} : { set }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(retry === undefined ? {} : { retry }),
      ...this.steps.tail(node),
      ...(next === undefined ? {} : { next }),
    };
  }

  private members(group: LinkedNode): NodeDocument[] {
    const { structure, orders } = this.tools;
    const ids = orders.group(group.id);
    if (!ids.some((id) => structure.nodes.get(id)?.kind === 'gateway')) return this.line(ids);
    return this.sequence(ids, (id) => orders.inside(group.id, id)[0]);
  }

  /** Nodes one after another, whatever their links say. */
  private line(ids: readonly string[]): NodeDocument[] {
    return ids.flatMap((id) => {
      const node = this.tools.structure.nodes.get(id);
      return node === undefined ? [] : this.node(node, undefined);
    });
  }

  private parallel(node: LinkedNode, next: string | undefined): ParallelDocument {
    const { timeout, retry, runner, maxConcurrency } = this.tools.settings.of(node);
    const set = this.steps.set(node);
    return {
      ...this.steps.head(node),
      type: 'parallel',
      ...(runner === undefined ? {} : { runner }),
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      // All lanes ran to their ends, whatever became of the others.
      failFast: false,
      branches: this.lanes(node),
      ...(set === undefined ? {} : { set }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(retry === undefined ? {} : { retry }),
      ...this.steps.tail(node),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** A plain group is the branch itself, so that results look as they did; one with settings of its own stays a node. */
  private lanes(node: LinkedNode): Record<string, NodeDocument[]> {
    const { structure, identifiers } = this.tools;
    const lanes = (structure.lanes.get(node.id) ?? []).map((lane): [string, NodeDocument[]] => {
      const ids = lane.members.map((member) => member.id).filter((id) => structure.owners.get(id) === node.id);
      const group = structure.nodes.get(ids[0] ?? '');
      if (group?.kind !== 'group') return [this.laneName(), this.line(ids)];
      return [identifiers.of(group.id), this.isPlain(group) ? this.members(group) : this.node(group, undefined)];
    });
    return Object.fromEntries(lanes);
  }

  /** Unique in the process like an id, since the export makes a group of it. */
  private laneName(): string {
    this.namedLanes += 1;
    return this.tools.identifiers.claim(`lane_${this.namedLanes}`);
  }

  private isPlain(group: LinkedNode): boolean {
    const { orders, settings } = this.tools;
    return Object.keys(settings.of(group)).length === 0 && this.steps.set(group) === undefined && !orders.isJudged(group.id);
  }
}
