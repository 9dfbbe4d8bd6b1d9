import type { JsonObject, MemberChange, NodeChange, ProcessComparison } from '@orderlines/contracts';
import type { ProcessDocument } from '../document.js';
import { compareFields } from './compare-fields.js';
import { keptOrder } from './kept-order.js';
import { placedNodes, withoutFlows, type PlacedNode } from './placed-nodes.js';

/** Keys of a process that are compared in a way of their own. */
const OWN_WAY = ['params', 'variables', 'layout'];

/**
 * What differs between two definitions of a process, node by node: nodes are the same when they have the same id, wherever they
 * stand. Pure; documents are as their schema gives them, with or without problems of other kinds.
 */
export function compareProcesses(before: ProcessDocument, after: ProcessDocument): ProcessComparison {
  const settings = compareFields(settingsOf(before), settingsOf(after));
  const params = compareMembers(before.params, after.params);
  const variables = compareMembers(before.variables, after.variables);
  const nodes = compareNodes(placedNodes(before), placedNodes(after));
  const layout = compareFields(onlyLayout(before), onlyLayout(after)).length > 0;
  const equal = [settings, params, variables, nodes].every((differences) => differences.length === 0) && !layout;
  return { equal, settings, params, variables, nodes, layout };
}

const settingsOf = (document: ProcessDocument): JsonObject => without(withoutFlows(document), OWN_WAY);

const onlyLayout = ({ layout }: ProcessDocument): JsonObject => (layout === undefined ? {} : { layout });

const without = (object: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

interface Member {
  readonly name: string;
}

/** Params or variables by name; one that only stands elsewhere among the others is changed, too: forms show it there. */
function compareMembers(before: readonly Member[] = [], after: readonly Member[] = []): MemberChange[] {
  const was = byName(before);
  const is = byName(after);
  const stayed = [...is.keys()].filter((key) => was.has(key));
  const places = new Map([...was.keys()].map((key, index) => [key, index]));
  const kept = keptOrder(stayed.map((key) => places.get(key) ?? 0));
  const shifted = new Set(stayed.filter((_, position) => !kept.has(position)));
  const present = [...is].flatMap(([key, member]): MemberChange[] => {
    const old = was.get(key);
    if (old === undefined) return [{ name: member.name, change: 'added', fields: compareFields({}, asJson(member)) }];
    const fields = compareFields(asJson(old), asJson(member));
    return fields.length === 0 && !shifted.has(key) ? [] : [{ name: member.name, change: 'changed', fields }];
  });
  const gone = [...was].filter(([key]) => !is.has(key));
  return [
    ...present,
    ...gone.map(([, member]): MemberChange => ({ name: member.name, change: 'removed', fields: compareFields(asJson(member), {}) })),
  ];
}

/** A draft may declare a name twice. */
function byName(members: readonly Member[]): Map<string, Member> {
  const found = new Map<string, Member>();
  for (const member of members) {
    let key = member.name;
    while (found.has(key)) key = `${key} `;
    found.set(key, member);
  }
  return found;
}

const asJson = (value: Member): JsonObject => value as unknown as JsonObject;

function compareNodes(before: ReadonlyMap<string, PlacedNode>, after: ReadonlyMap<string, PlacedNode>): NodeChange[] {
  const moved = movedNodes(before, after);
  const present = [...after.values()].flatMap((placed): NodeChange[] => {
    const old = before.get(placed.key);
    if (old === undefined) return [nodeChange('added', undefined, placed, false)];
    const change = nodeChange('changed', old, placed, moved.has(placed.key));
    if (change.fields.length > 0) return [change];
    return change.moved ? [{ ...change, change: 'moved' }] : [];
  });
  const gone = [...before.values()].filter(({ key }) => !after.has(key));
  return [...present, ...gone.map((placed) => nodeChange('removed', placed, undefined, false))];
}

function nodeChange(
  change: NodeChange['change'],
  before: PlacedNode | undefined,
  after: PlacedNode | undefined,
  moved: boolean,
): NodeChange {
  const node = (after ?? before)?.node;
  const fieldsOf = (placed: PlacedNode | undefined): JsonObject => (placed === undefined ? {} : withoutFlows(placed.node));
  return {
    id: node?.id ?? '',
    type: node?.type ?? '',
    ...(node?.name !== undefined && { name: node.name }),
    change,
    fields: compareFields(fieldsOf(before), fieldsOf(after)),
    from: before?.flow ?? null,
    to: after?.flow ?? null,
    moved,
  };
}

/** A node that is still in its flow, with its place in the flow of before. */
interface Stayed {
  readonly key: string;
  readonly rank: number;
}

/** Keys of nodes that stand in another flow, or elsewhere among those that stayed in theirs; as few as possible. */
function movedNodes(before: ReadonlyMap<string, PlacedNode>, after: ReadonlyMap<string, PlacedNode>): ReadonlySet<string> {
  const moved = new Set<string>();
  const stayed = new Map<string, Stayed[]>();
  for (const { key, flow } of after.values()) {
    const old = before.get(key);
    if (old === undefined) continue;
    if (old.flow !== flow) moved.add(key);
    else {
      const nodes = stayed.get(flow) ?? [];
      nodes.push({ key, rank: old.index });
      stayed.set(flow, nodes);
    }
  }
  for (const nodes of stayed.values()) {
    const kept = keptOrder(nodes.map(({ rank }) => rank));
    nodes.forEach(({ key }, position) => kept.has(position) || moved.add(key));
  }
  return moved;
}
