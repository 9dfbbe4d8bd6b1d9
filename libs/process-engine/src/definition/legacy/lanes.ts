import type { Link, LinkedNode } from './nodes.js';
import type { Report } from './report.js';

/** One line of work of a parallel node: a group, or tasks one after another. */
export interface Lane {
  readonly members: readonly Link[];
}

/** The lanes of a parallel node, and where it goes on. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly joins: readonly Link[];
}

/**
 * The lanes of a parallel node. Groups are lanes of their own; plain tasks are put together along their links, as the
 * older product's "search" did: a lane goes on until it reaches what follows the parallel node, or a node where lanes meet.
 */
export function findLanes(parallel: LinkedNode, nodes: ReadonlyMap<string, LinkedNode>, report: Report): Lanes {
  const listed = new Set(parallel.members.map((member) => member.id));
  const own = parallel.next.filter((link) => !listed.has(link.id));
  const search = new LaneSearch(parallel, nodes, listed, own);
  const lanes = search.lanes();
  if (lanes.length === 0 && listed.size > 0) {
    const message = `The tasks of \`${parallel.id}\` follow each other in a circle, so none of them is the first of a lane.`;
    report.error([...parallel.source.path, 'method_kwargs', 'parallel_task_ids'], 'lanes-in-circle', message);
  }
  if (own.length > 0) return { lanes, joins: own };
  const joins = lanes.flatMap((lane) => search.after(lane));
  return { lanes, joins: [...new Map(joins.map((join) => [join.id, join])).values()] };
}

class LaneSearch {
  private readonly closed: ReadonlySet<string>;
  private readonly meetings: ReadonlySet<string>;
  private readonly backwards: ReadonlyMap<string, Link>;

  constructor(
    private readonly parallel: LinkedNode,
    private readonly nodes: ReadonlyMap<string, LinkedNode>,
    private readonly listed: ReadonlySet<string>,
    own: readonly Link[],
  ) {
    this.closed = reachable(own, parallel.id, nodes);
    this.meetings = this.meetingPoints();
    this.backwards = this.linksBackwards();
  }

  lanes(): Lane[] {
    const heads = new Map(this.parallel.members.map((member) => [member.id, member]));
    for (const member of this.parallel.members) {
      for (const { id } of this.behind(member.id)) {
        heads.delete(id);
        // What follows a listed task is found from there.
        if (this.listed.has(id)) break;
      }
    }
    return [...heads.values()].map((head) => ({ members: [head, ...this.behind(head.id)] }));
  }

  /** Where a lane would go on if it did not end with the parallel node. */
  after(lane: Lane): Link[] {
    const last = lane.members.at(-1);
    const next = last === undefined ? undefined : this.next(last.id);
    return next === undefined || this.listed.has(next.id) ? [] : [next];
  }

  /** The rest of a lane, one by one. */
  private *behind(id: string): Generator<Link> {
    if (this.nodes.get(id)?.kind === 'group') return;
    const seen = new Set([id]);
    for (let link = this.next(id); link !== undefined && !seen.has(link.id) && this.goesOn(link.id); link = this.next(link.id)) {
      seen.add(link.id);
      yield link;
    }
  }

  private goesOn(id: string): boolean {
    if (this.listed.has(id)) return this.nodes.get(id)?.kind !== 'group';
    return this.nodes.get(id)?.kind === 'task' && !this.closed.has(id) && !this.meetings.has(id);
  }

  /** The one node after another; a missing `next_id` is found by the `prev_id` of a listed task. */
  private next(id: string): Link | undefined {
    const node = this.nodes.get(id);
    if (node?.kind === 'end') return undefined;
    const next = node?.next.find((link) => link.id !== this.parallel.id);
    return next ?? (node?.kind === 'task' ? this.backwards.get(id) : undefined);
  }

  /** Listed tasks by the task that they say comes before them. */
  private linksBackwards(): Map<string, Link> {
    const listed = [...this.listed].reverse().flatMap((id) => this.nodes.get(id) ?? []);
    return new Map(listed.flatMap((node) => node.previous.map((link): [string, Link] => [link.id, { id: node.id, path: link.path }])));
  }

  /** Nodes not listed that are entered from more than one place. */
  private meetingPoints(): Set<string> {
    const entries = new Map<string, number>();
    for (const node of this.nodes.values()) {
      for (const link of [...node.next, ...node.branches.flatMap((branch) => branch.target ?? [])]) {
        entries.set(link.id, (entries.get(link.id) ?? 0) + 1);
      }
    }
    return new Set([...entries].filter(([id, count]) => count > 1 && !this.listed.has(id)).map(([id]) => id));
  }
}

/** Everything that can come after the parallel node, without going through it again. */
function reachable(from: readonly Link[], parallel: string, nodes: ReadonlyMap<string, LinkedNode>): Set<string> {
  const reached = new Set<string>();
  const waiting = from.map((link) => link.id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id) || id === parallel) continue;
    reached.add(id);
    const node = nodes.get(id);
    if (node !== undefined)
      waiting.push(...[...node.next, ...node.branches.flatMap((branch) => branch.target ?? [])].map((link) => link.id));
  }
  return reached;
}
