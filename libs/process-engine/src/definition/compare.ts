import { canonicalJson, type DefinitionDifference, type FieldDifference, type Json, type NodeDifference } from '@orderlines/contracts';
import { isMap } from '../variables/value.js';
import type { NodeDocument, ProcessDocument } from './document.js';
import { flowsOf } from './validation/walk.js';

/** Keys of a container under which its nodes stand: they are compared as nodes. */
const INNER_FLOWS: readonly string[] = ['setup', 'flow', 'teardown', 'branches', 'nodes'];

/** A node where it stands. */
interface Placed {
  /** Ids from the process down. */
  readonly path: string;
  readonly node: NodeDocument;
  /** Position in its flow; 0 in a dag, whose order says nothing. */
  readonly position: number;
  /** Path of its flow. */
  readonly flow: string;
}

/**
 * How a definition became another one: nodes that were added, removed, changed and moved, by the path of their ids, and every key that differs.
 * A node of the same id that is gone in one flow and new in another one was moved; so were the fewest nodes that explain another order of a flow.
 * No difference at all means that both run alike.
 */
export const compareDefinitions = (before: ProcessDocument, after: ProcessDocument): DefinitionDifference => {
  const [old, fresh] = [placesOf(before), placesOf(after)];
  const moves = movesBetween(old, fresh);
  const origins = new Set([...moves.values()].filter(({ path }) => !fresh.has(path)).map(({ path }) => path));
  const nodes: NodeDifference[] = [];
  for (const [path, place] of fresh) {
    const moved = moves.get(path);
    const was = moved ?? old.get(path);
    if (was === undefined) nodes.push(differenceOf(place, 'added'));
    else {
      const fields = fieldsBetween(ownFields(was.node), ownFields(place.node));
      if (moved !== undefined) nodes.push(differenceOf(place, 'moved', fields, moved.path));
      else if (fields.length > 0) nodes.push(differenceOf(place, 'changed', fields));
    }
  }
  for (const [path, place] of old) if (!fresh.has(path) && !origins.has(path)) nodes.push(differenceOf(place, 'removed'));
  return {
    settings: fieldsBetween(settingsOf(before), settingsOf(after)),
    nodes,
    drawing: canonicalJson((before.layout ?? {}) as Json) !== canonicalJson((after.layout ?? {}) as Json),
  };
};

const differenceOf = (
  { path, node }: Placed,
  change: NodeDifference['change'],
  fields: FieldDifference[] = [],
  from: string | null = null,
): NodeDifference => ({ path, id: node.id, type: node.type, change, from, fields });

/** Every node by the path of its ids. */
const placesOf = (document: ProcessDocument): Map<string, Placed> => {
  const places = new Map<string, Placed>();
  // Outer flows come before inner ones, so the path of a container is known when its nodes are reached.
  const paths = new Map<string, string>();
  for (const { path, nodes, isGraph } of flowsOf(document)) {
    const flow = flowPath(path, paths);
    nodes.forEach((node, index) => {
      const place: Placed = { path: flow === '' ? node.id : `${flow}/${node.id}`, node, position: isGraph ? 0 : index, flow };
      places.set(place.path, place);
      paths.set(JSON.stringify([...path, index]), place.path);
    });
  }
  return places;
};

/** `checks/unit` for the branch `unit` of the node `checks`; the flow of a process or group has no name of its own. */
const flowPath = (path: readonly (string | number)[], containers: ReadonlyMap<string, string>): string => {
  const end = path.findLastIndex((step) => typeof step === 'number') + 1;
  const container = end === 0 ? '' : (containers.get(JSON.stringify(path.slice(0, end))) ?? '');
  const own = path.slice(end).filter((step) => !['flow', 'nodes', 'branches'].includes(String(step)));
  return [container, ...own].filter((step) => step !== '').join('/');
};

/** The nodes that stand elsewhere, by their new path, with where they stood. */
const movesBetween = (old: ReadonlyMap<string, Placed>, fresh: ReadonlyMap<string, Placed>): Map<string, Placed> => {
  const moves = new Map<string, Placed>();
  const gone = singlesById([...old.values()].filter(({ path }) => !fresh.has(path)));
  const come = singlesById([...fresh.values()].filter(({ path }) => !old.has(path)));
  for (const [id, place] of come) {
    const was = gone.get(id);
    if (was !== undefined && was.node.type === place.node.type) moves.set(place.path, was);
  }
  const flows = Map.groupBy([...fresh.values()], ({ flow }) => flow);
  for (const places of flows.values()) {
    const stayed = places.filter(({ path }) => old.has(path));
    const kept = longestIncreasing(stayed.map(({ path }) => old.get(path)?.position ?? 0));
    stayed.forEach((place, index) => {
      const was = old.get(place.path);
      if (was !== undefined && !kept.has(index)) moves.set(place.path, was);
    });
  }
  return moves;
};

/** Places by the id of their node, without ids that stand at several. */
const singlesById = (places: readonly Placed[]): Map<string, Placed> =>
  new Map([...Map.groupBy(places, ({ node }) => node.id)].flatMap(([id, all]) => (all.length === 1 && all[0] ? [[id, all[0]]] : [])));

/** Indexes of one longest subsequence that never falls (n log n). */
const longestIncreasing = (values: readonly number[]): Set<number> => {
  const ends: number[] = [];
  const previous: number[] = [];
  values.forEach((value, index) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[ends[middle] ?? 0] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    previous.push(low === 0 ? -1 : (ends[low - 1] ?? -1));
    ends[low] = index;
  });
  const kept = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) kept.add(index);
  return kept;
};

const ownFields = (node: NodeDocument): Json => without(node as unknown as Json, INNER_FLOWS);
const settingsOf = (document: ProcessDocument): Json => without(document as unknown as Json, ['setup', 'flow', 'teardown', 'layout']);

const without = (value: Json, keys: readonly string[]): Json =>
  isMap(value) ? Object.fromEntries(Object.entries(value).filter(([key, item]) => item !== undefined && !keys.includes(key))) : value;

const fieldsBetween = (before: Json, after: Json): FieldDifference[] => {
  const found: FieldDifference[] = [];
  collect(before, after, '', found);
  return found.toSorted((one, other) => (one.field < other.field ? -1 : 1));
};

const collect = (before: Json | undefined, after: Json | undefined, field: string, found: FieldDifference[]): void => {
  const [old, fresh] = [keyed(before), keyed(after)];
  if (old === undefined || fresh === undefined) {
    if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return;
    found.push({ field, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
    return;
  }
  const place = found.length;
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const [one, other] = [old.get(key), fresh.get(key)];
    if (one === undefined && other === undefined) continue;
    collect(one, other, field === '' ? key : `${field}.${key}`, found);
  }
  // Elements with names that only changed their order.
  if (place === found.length && before !== undefined && after !== undefined && canonicalJson(before) !== canonicalJson(after)) {
    found.push({ field, before, after });
  }
};

/** What is compared key by key: a map, and a list whose elements have names of their own. */
const keyed = (value: Json | undefined): Map<string, Json> | undefined => {
  if (value === undefined) return undefined;
  if (isMap(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const names = value.map((item) => (isMap(item) && typeof item['name'] === 'string' ? item['name'] : undefined));
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined;
  return new Map(value.map((item, index) => [String(names[index]), item]));
};
