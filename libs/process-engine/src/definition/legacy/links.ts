import { type Link, type LinkedNode, liveBranches } from './nodes.js';
import { findLanes, type Lane } from './lanes.js';
import type { Report } from './report.js';

/** What follows what, and what stands inside what. */
export interface Structure {
  readonly nodes: ReadonlyMap<string, LinkedNode>;
  /** First node of the process; undefined when the start leads nowhere. */
  readonly entry: string | undefined;
  /** The node after a node; nodes that end their flow have none. */
  readonly successors: ReadonlyMap<string, string>;
  /** Lanes of the parallel nodes, by id. */
  readonly lanes: ReadonlyMap<string, readonly Lane[]>;
  /** The container that a node belongs to, by the node's id. */
  readonly owners: ReadonlyMap<string, string>;
  /** The node that a link leads to once start nodes and frames, which are no steps, are passed over. */
  target(link: Link): string | undefined;
}

/** Works out the structure of a definition; contradictions go to the report. */
export function readStructure(nodes: ReadonlyMap<string, LinkedNode>, report: Report): Structure {
  const target = (link: Link): string | undefined => landing(link.id, nodes);
  const successors = new Map<string, string>();
  const lanes = new Map<string, readonly Lane[]>();
  for (const node of nodes.values()) {
    if (node.kind === 'gateway') continue;
    if (node.kind === 'end') {
      warnOfFollowers(node, report);
      continue;
    }
    const found = node.kind === 'parallel' ? findLanes(node, nodes, report) : undefined;
    if (found !== undefined) lanes.set(node.id, found.lanes);
    const next = found?.joins ?? outside(node);
    const landings = [...new Set(next.flatMap((link) => target(link) ?? []))];
    if (landings.length > 1) {
      const message = `\`${node.id}\` is followed by ${landings.map((id) => `\`${id}\``).join(' and ')}; only one can follow. A gateway decides between several, a parallel node runs them at once.`;
      report.error([...node.source.path, 'next_id'], 'several-next', message);
    }
    if (landings[0] !== undefined) successors.set(node.id, landings[0]);
  }
  return {
    nodes,
    entry: entryOf(nodes, report),
    successors,
    lanes,
    owners: ownersOf(nodes, lanes, report),
    target,
  };
}

/** All nodes that can come directly after a node, in the order of its ways out. */
export function followersOf({ nodes, successors, target }: Structure, id: string): string[] {
  const node = nodes.get(id);
  if (node?.kind === 'gateway')
    return liveBranches(node).flatMap((branch) => (branch.target === undefined ? [] : (target(branch.target) ?? [])));
  const next = successors.get(id);
  return next === undefined ? [] : [next];
}

/** The links that lead out of a container, without those to its own members. */
const outside = (node: LinkedNode): Link[] => node.next.filter((link) => !node.members.some((member) => member.id === link.id));

function landing(id: string, nodes: ReadonlyMap<string, LinkedNode>): string | undefined {
  const passed = new Set<string>();
  let current = nodes.get(id);
  while (current !== undefined && (current.kind === 'start' || current.kind === 'frame')) {
    if (passed.has(current.id)) return undefined;
    passed.add(current.id);
    const [next] = current.next;
    current = next === undefined ? undefined : nodes.get(next.id);
  }
  return current?.id;
}

function warnOfFollowers(node: LinkedNode, report: Report): void {
  const [next] = node.next;
  if (next !== undefined) report.warning(next.path, 'after-end', `The process ends at \`${node.id}\`; what follows it is left out.`);
}

function entryOf(nodes: ReadonlyMap<string, LinkedNode>, report: Report): string | undefined {
  const starts = [...nodes.values()].filter((node) => node.kind === 'start');
  const [start] = starts;
  if (start === undefined) {
    report.error(
      ['task_nodes'],
      'no-start',
      'The definition has no start node; one node needs `task_type: start` and `method_name: start`.',
    );
    return undefined;
  }
  for (const other of starts.slice(1)) {
    report.error(
      [...other.source.path, 'task_type'],
      'several-starts',
      `\`${other.id}\` is a second start node; \`${start.id}\` is the first, and a process has one.`,
    );
  }
  const entry = landing(start.id, nodes);
  report.note(`The start node \`${start.id}\` is left out: the flow begins at ${entry === undefined ? 'its end' : `\`${entry}\``}.`);
  return entry;
}

/** Groups and parallel nodes that may stand in each other; far more than the new format allows in a run. */
const DEEPEST = 64;

/** True, and reported, when containers stand in each other without end. */
export function isTooDeep({ nodes, owners }: Structure, report: Report): boolean {
  for (const node of nodes.values()) {
    let owner = owners.get(node.id);
    for (let depth = 0; owner !== undefined; depth += 1) {
      if (depth === DEEPEST) {
        const message = `\`${node.id}\` stands in more than ${DEEPEST} groups and parallel nodes, or in itself.`;
        report.error(node.source.path, 'too-deep', message);
        return true;
      }
      owner = owners.get(owner);
    }
  }
  return false;
}

/** Every node inside a container, claimed once. */
function ownersOf(
  nodes: ReadonlyMap<string, LinkedNode>,
  lanes: ReadonlyMap<string, readonly Lane[]>,
  report: Report,
): Map<string, string> {
  const owners = new Map<string, string>();
  const claim = (link: Link, owner: LinkedNode): void => {
    const other = owners.get(link.id);
    if (other !== undefined || link.id === owner.id) {
      const twice = other === owner.id ? `twice in \`${owner.id}\`` : `in \`${owner.id}\` and in \`${other ?? link.id}\``;
      report.error(link.path, 'shared-node', `\`${link.id}\` stands ${twice}; a node has one place, so give each its own copy.`);
      return;
    }
    const kind = nodes.get(link.id)?.kind;
    if (kind === 'start' || kind === 'frame' || (kind === 'gateway' && owner.kind === 'parallel')) {
      const hint = kind === 'gateway' ? '; put it into a group with its targets' : '';
      report.error(link.path, 'not-a-member', `\`${link.id}\` is a ${kind} node and cannot stand in \`${owner.id}\`${hint}.`);
      return;
    }
    owners.set(link.id, owner.id);
  };
  for (const node of nodes.values()) {
    if (node.kind === 'group') for (const member of node.members) claim(member, node);
    for (const lane of lanes.get(node.id) ?? []) for (const member of lane.members) claim(member, node);
  }
  return owners;
}
