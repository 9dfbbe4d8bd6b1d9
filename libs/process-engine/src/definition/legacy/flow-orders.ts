import { warnOfCircles, warnOfUnreachable } from './checks.js';
import { followersOf, type Structure } from './links.js';
import { judgedIn, type LinkedNode, liveBranches } from './nodes.js';
import { orderOf } from './reading-order.js';
import type { Report } from './report.js';

/** The order of the nodes in every flow; what no order reaches is left out. */
export class FlowOrders {
  /** The process's own flow. */
  readonly main: readonly string[];
  /** Every node that has a place in its flow, whether or not that flow is reached. */
  private readonly ordered: ReadonlySet<string>;
  private readonly judged: ReadonlySet<string>;
  private readonly groups = new Map<string, readonly string[]>();

  constructor(
    private readonly structure: Structure,
    private readonly report: Report,
  ) {
    const entry = this.enter(structure.entry, 'the start node');
    const followers = (id: string): string[] => followersOf(structure, id).flatMap((follower) => this.enter(follower, id) ?? []);
    this.main = orderOf({ entry, followers });
    warnOfCircles(structure, this.main, report);
    warnOfUnreachable(structure, new Set(this.main), report);
    const nodes = [...structure.nodes.values()];
    for (const node of nodes) if (node.kind === 'group') this.groups.set(node.id, this.orderOfGroup(node.id));
    const lanes = [...structure.lanes.values()].flatMap((found) => found.flatMap((lane) => lane.members.map((member) => member.id)));
    this.ordered = new Set([...this.main, ...[...this.groups.values()].flat(), ...lanes]);
    this.judged = new Set(nodes.filter((node) => this.has(node.id)).flatMap(judgedBy));
  }

  /** True when a gateway of the new document asks for the status of a node. */
  isJudged(id: string): boolean {
    return this.judged.has(id);
  }

  /** The tasks of a group. */
  group(id: string): readonly string[] {
    return this.groups.get(id) ?? [];
  }

  /** True when a node is part of the new document. */
  has(id: string): boolean {
    const owner = this.structure.owners.get(id);
    return this.ordered.has(id) && (owner === undefined || this.has(owner));
  }

  /** The nodes that can follow inside a group. */
  inside(group: string, id: string): string[] {
    return followersOf(this.structure, id).filter((follower) => this.structure.owners.get(follower) === group);
  }

  /** A node of the process's own flow; one inside a container cannot be entered from outside. */
  private enter(id: string | undefined, from: string): string | undefined {
    const node = id === undefined ? undefined : this.structure.nodes.get(id);
    const owner = id === undefined ? undefined : this.structure.owners.get(id);
    if (owner === undefined || node === undefined) return id;
    const message = `\`${node.id}\` stands inside \`${owner}\` and is also reached from \`${from}\`; a node has one place, so give each its own copy.`;
    this.report.error(node.source.path, 'shared-node', message);
    return undefined;
  }

  /** Tasks of a group follow each other as they are listed; only a gateway among them makes their links count. */
  private orderOfGroup(group: string): readonly string[] {
    const { nodes, owners } = this.structure;
    const listed = (nodes.get(group)?.members ?? []).map((member) => member.id).filter((id) => owners.get(id) === group);
    const gateways = listed.flatMap((id) => nodes.get(id) ?? []).filter((node) => node.kind === 'gateway');
    for (const gateway of gateways) {
      if (this.inside(group, gateway.id).length === followersOf(this.structure, gateway.id).length) continue;
      const message = `The gateway \`${gateway.id}\` leads out of the group \`${group}\`; its targets must stand in the same group.`;
      this.report.error([...gateway.source.path, 'method_kwargs', 'conditions'], 'jump-out', message);
    }
    const last = listed.findIndex((id) => nodes.get(id)?.kind === 'end');
    const inLine = last === -1 ? listed : listed.slice(0, last + 1);
    const ordered = gateways.length === 0 ? inLine : orderOf({ entry: listed[0], followers: (id) => this.inside(group, id) });
    const reached = new Set(ordered);
    for (const id of listed.filter((member) => !reached.has(member))) {
      const message = `\`${id}\` is never reached inside \`${group}\` and is left out.`;
      this.report.warning(nodes.get(id)?.source.path ?? [], 'unreachable', message);
    }
    return ordered;
  }
}

/** The ids that the conditions of a gateway name. */
const judgedBy = (gateway: LinkedNode): string[] =>
  liveBranches(gateway).flatMap((branch) => branch.items.flatMap(judgedIn).map(({ id }) => id));
