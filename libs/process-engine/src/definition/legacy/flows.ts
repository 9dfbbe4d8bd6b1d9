import type { GroupDocument, NodeDocument, ParallelDocument } from '../document.js';
import { warnOfCircles, warnOfUnreachable } from './checks.js';
import { freeName } from './identifiers.js';
import { followersOf } from './links.js';
import type { LinkedNode } from './nodes.js';
import { orderOf } from './order.js';
import { StepBuilder, type StepTools } from './steps.js';

/** Turns linked nodes into flows: lists whose nodes follow each other unless `next` says otherwise. */
export class FlowBuilder {
  private readonly steps: StepBuilder;

  constructor(private readonly tools: StepTools) {
    this.steps = new StepBuilder(tools);
  }

  /** The flow of the process. */
  main(): NodeDocument[] {
    const { structure, report } = this.tools;
    const entry = this.enter(structure.entry, 'the start node');
    const followers = (id: string): string[] => followersOf(structure, id).flatMap((follower) => this.enter(follower, id) ?? []);
    const ids = orderOf({ entry, followers });
    warnOfCircles(structure, ids, report);
    warnOfUnreachable(structure, new Set(ids), report);
    return this.sequence(ids, (id) => structure.successors.get(id));
  }

  /** A node of the process's own flow; one inside a container cannot be entered from outside. */
  private enter(id: string | undefined, from: string): string | undefined {
    const owner = id === undefined ? undefined : this.tools.structure.owners.get(id);
    const node = id === undefined ? undefined : this.tools.structure.nodes.get(id);
    if (owner === undefined || node === undefined) return id;
    const message = `\`${node.id}\` stands inside \`${owner}\` and is also reached from \`${from}\`; a node has one place, so give each its own copy.`;
    this.tools.report.error(node.source.path, 'shared-node', message);
    return undefined;
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
    if (isSet(node.source.breakpoint)) report.note(`The breakpoint of \`${node.id}\` is left out; set it again when you debug.`);
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
    const { timeout } = this.tools.settings.of(node);
    const set = this.steps.set(node);
    return {
      ...this.steps.head(node),
      type: 'group',
      flow: this.members(node),
      ...(set === undefined ? {} : { set }),
      ...(timeout === undefined ? {} : { timeout }),
      ...this.steps.tail(node),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** The tasks of a group follow each other as they are listed; only a gateway among them makes their links count. */
  private members(group: LinkedNode): NodeDocument[] {
    const { structure, report } = this.tools;
    const ids = [...new Set(group.members.map((member) => member.id))];
    const gateways = ids.flatMap((id) => structure.nodes.get(id) ?? []).filter((node) => node.kind === 'gateway');
    if (gateways.length === 0) return this.line(ids);
    const inside = (id: string): string[] => followersOf(structure, id).filter((follower) => ids.includes(follower));
    for (const gateway of gateways) {
      if (inside(gateway.id).length === followersOf(structure, gateway.id).length) continue;
      const message = `The gateway \`${gateway.id}\` leads out of the group \`${group.id}\`; its targets must stand in the same group.`;
      report.error([...gateway.source.path, 'method_kwargs', 'conditions'], 'jump-out', message);
    }
    const ordered = orderOf({ entry: ids[0], followers: inside });
    for (const id of ids.filter((member) => !ordered.includes(member))) {
      const message = `\`${id}\` is never reached inside \`${group.id}\` and is left out.`;
      report.warning(structure.nodes.get(id)?.source.path ?? [], 'unreachable', message);
    }
    return this.sequence(ordered, (id) => inside(id)[0]);
  }

  /** Nodes one after another, whatever their links say. */
  private line(ids: readonly string[]): NodeDocument[] {
    return ids.flatMap((id) => {
      const node = this.tools.structure.nodes.get(id);
      return node === undefined ? [] : this.node(node, undefined);
    });
  }

  private parallel(node: LinkedNode, next: string | undefined): ParallelDocument {
    const { timeout, runner, maxConcurrency } = this.tools.settings.of(node);
    const set = this.steps.set(node);
    return {
      ...this.steps.head(node),
      type: 'parallel',
      ...(runner === undefined ? {} : { runner }),
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      branches: this.lanes(node),
      ...(set === undefined ? {} : { set }),
      ...(timeout === undefined ? {} : { timeout }),
      ...this.steps.tail(node),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** A plain group is the branch itself, so that results look as they did; one with settings of its own stays a node. */
  private lanes(node: LinkedNode): Record<string, NodeDocument[]> {
    const { structure, identifiers } = this.tools;
    const names = new Set<string>();
    const named = (wish: string): string => {
      const name = freeName(wish, names);
      names.add(name);
      return name;
    };
    const lanes = (structure.lanes.get(node.id) ?? []).map((lane, index): [string, NodeDocument[]] => {
      const ids = lane.members.map((member) => member.id);
      const group = structure.nodes.get(ids[0] ?? '');
      if (group?.kind !== 'group') return [named(`lane_${index + 1}`), this.line(ids)];
      return [named(identifiers.of(group.id)), this.isPlain(group) ? this.members(group) : this.node(group, undefined)];
    });
    return Object.fromEntries(lanes);
  }

  private isPlain(group: LinkedNode): boolean {
    const { structure, settings } = this.tools;
    return Object.keys(settings.of(group)).length === 0 && this.steps.set(group) === undefined && !structure.judged.has(group.id);
  }
}

const isSet = (value: unknown): boolean => value === true || value === 1 || value === '1' || value === 'true';
