import type { Json } from '@orderlines/contracts';
import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { flowsIn, MAIN_FLOW, ownerOf, sectionsOf, type FlowKey } from './flows.js';

/** A node, or a key of the process, that both sides changed in different ways. */
export interface Conflict {
  readonly kind: 'node' | 'key';
  /** Id of the node or name of the key. */
  readonly name: string;
  /** What each side has; undefined where it was taken away. */
  readonly mine: Json | undefined;
  readonly theirs: Json | undefined;
}

/** Whose of two changes is taken. */
export type Choice = 'mine' | 'theirs';

/** Two changed documents brought together. */
export interface Merged {
  readonly document: ProcessDocument;
  readonly conflicts: readonly Conflict[];
}

/** A document taken apart: its keys, what each node says itself, where it stands, and the order of each flow. */
interface Parts {
  readonly keys: ReadonlyMap<string, Json>;
  readonly nodes: ReadonlyMap<string, Json>;
  readonly homes: ReadonlyMap<string, FlowKey>;
  readonly flows: ReadonlyMap<FlowKey, readonly string[]>;
}

/**
 * Brings two changes of one document together, node by node: what one side left alone is as the other made it. What both changed
 * differently is a conflict, decided by `choose` (mine, when it says nothing).
 */
export function merge(
  base: ProcessDocument,
  mine: ProcessDocument,
  theirs: ProcessDocument,
  choose: (conflict: Conflict) => Choice | undefined = () => undefined,
): Merged {
  const [from, left, right] = [partsOf(base), partsOf(mine), partsOf(theirs)];
  const conflicts: Conflict[] = [];
  const decide = (kind: Conflict['kind'], name: string, mineHas: Json | undefined, theirsHas: Json | undefined): Json | undefined => {
    const conflict: Conflict = { kind, name, mine: mineHas, theirs: theirsHas };
    conflicts.push(conflict);
    return choose(conflict) === 'theirs' ? theirsHas : mineHas;
  };
  const keys = mergedMaps(from.keys, left.keys, right.keys, (name, one, other) => decide('key', name, one, other));
  const nodes = new Map(mergedMaps(from.nodes, left.nodes, right.nodes, (name, one, other) => decide('node', name, one, other)));
  const homes = mergedMaps(from.homes, left.homes, right.homes, (_, one, other) => one ?? other);
  const flows = mergedMaps(from.flows, left.flows, right.flows, (key, one, other) => [...(one ?? []), ...(other ?? [])].filter(unique));
  return { document: assembled({ keys, nodes, homes, flows }, left, right), conflicts };
}

const unique = <Item>(item: Item, index: number, all: readonly Item[]): boolean => all.indexOf(item) === index;

/** Two values are the same when they are written the same; the order of keys says nothing. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && isSame(left[key], right[key]));
}

function mergedMaps<Value>(
  base: ReadonlyMap<string, Value>,
  mine: ReadonlyMap<string, Value>,
  theirs: ReadonlyMap<string, Value>,
  decide: (name: string, mine: Value | undefined, theirs: Value | undefined) => Value | undefined,
): ReadonlyMap<string, Value> {
  const merged = new Map<string, Value>();
  for (const name of new Set([...mine.keys(), ...theirs.keys()])) {
    const [before, one, other] = [base.get(name), mine.get(name), theirs.get(name)];
    const value = isSame(one, other) || isSame(other, before) ? one : isSame(one, before) ? other : decide(name, one, other);
    if (value !== undefined) merged.set(name, value);
  }
  return merged;
}

function partsOf(document: ProcessDocument): Parts {
  const flows = flowsIn(document);
  const nodes = flows.flatMap((flow) => flow.nodes.map((node) => ({ flow, node })));
  return {
    keys: new Map(Object.entries(shellOf(document)) as [string, Json][]),
    nodes: new Map(nodes.map(({ node }) => [node.id, shellOf(node) as Json])),
    homes: new Map(nodes.map(({ flow, node }) => [node.id, flow.key])),
    flows: new Map(flows.map((flow) => [flow.key, flow.nodes.map(({ id }) => id)])),
  };
}

/** What a container says itself: its flows are left empty, in their places. */
function shellOf(container: NodeDocument | ProcessDocument): Record<string, Json> {
  const shell = { ...container } as Record<string, unknown>;
  for (const [section] of sectionsOf(container)) shell[section.split('/')[0] as string] = Array.isArray(shell[section]) ? [] : {};
  return shell as Record<string, Json>;
}

/** Puts a document together; a node whose container is gone on one side brings it back from the other. */
function assembled(parts: Parts, left: Parts, right: Parts): ProcessDocument {
  const nodes = new Map(parts.nodes);
  const homeOf = (id: string): FlowKey => parts.homes.get(id) ?? left.homes.get(id) ?? right.homes.get(id) ?? MAIN_FLOW;
  for (const id of nodes.keys()) {
    const { owner } = ownerOf(homeOf(id));
    const lost = left.nodes.get(owner) ?? right.nodes.get(owner);
    if (owner !== '' && !nodes.has(owner) && lost !== undefined) nodes.set(owner, lost);
  }
  const members = Map.groupBy(nodes.keys(), (id) => standingHome(id, nodes, homeOf));
  const build = (shell: Json, owner: string): Json => {
    const result = { ...(shell as Record<string, Json>) };
    const keys = new Set([...parts.flows.keys(), ...members.keys()].filter((key) => ownerOf(key).owner === owner));
    for (const key of keys) {
      const [name = '', branch] = ownerOf(key).section.split('/');
      // Only a list that the container still has, or that nodes stand in.
      if (!(name in result) && !members.has(key)) continue;
      const order = ordered(parts.flows.get(key) ?? [], members.get(key) ?? [], left.flows.get(key), right.flows.get(key));
      const flow = order.map((id) => build(nodes.get(id) as Json, id));
      if (branch === undefined) result[name] = flow;
      else if (holds(shell, `${name}/`)) result[name] = { ...(result[name] as Record<string, Json>), [branch]: flow };
    }
    return result;
  };
  return build(Object.fromEntries(parts.keys), '') as unknown as ProcessDocument;
}

const HELD: Readonly<Record<string, readonly string[]>> = {
  group: ['setup', 'flow', 'teardown'],
  foreach: ['flow'],
  dag: ['nodes'],
  parallel: ['branches'],
};

/** True when a container of this type can have the section. */
function holds(shell: Json, section: string): boolean {
  const { type } = shell as { type?: string };
  return HELD[type ?? '']?.includes(section.split('/')[0] as string) ?? false;
}

/** The flow that a node can stand in: its own, else the one around what became of its container; the main flow out of a circle. */
function standingHome(id: string, nodes: ReadonlyMap<string, Json>, homeOf: (id: string) => FlowKey): FlowKey {
  const above = new Set([id]);
  const rises = (owner: string): boolean => owner !== '' && !above.has(owner) && above.add(owner).size > 0;
  let home = homeOf(id);
  for (
    let { owner, section } = ownerOf(home);
    owner !== '' && !holds(nodes.get(owner) ?? {}, section);
    { owner, section } = ownerOf(home)
  ) {
    if (!rises(owner)) return MAIN_FLOW;
    home = homeOf(owner);
  }
  for (let { owner } = ownerOf(home); owner !== ''; { owner } = ownerOf(homeOf(owner))) {
    if (!rises(owner)) return MAIN_FLOW;
  }
  return home;
}

/** The members of a flow in its merged order; one that the order does not know stands behind the one it followed. */
function ordered(
  order: readonly string[],
  members: readonly string[],
  ...sides: readonly (readonly string[] | undefined)[]
): readonly string[] {
  const wanted = new Set(members);
  const result = order.filter((id) => wanted.has(id));
  for (const side of sides) {
    (side ?? []).forEach((id, index) => {
      if (!wanted.has(id) || result.includes(id)) return;
      const behind = result.indexOf((side ?? [])[index - 1] ?? '');
      result.splice(index === 0 ? 0 : behind === -1 ? result.length : behind + 1, 0, id);
    });
  }
  return [...result, ...members.filter((id) => !result.includes(id))];
}
