import type { Json, JsonObject } from '@orderlines/contracts';
import type { CompiledNode } from '../definition/compiled.js';
import { type Execution, own, type Reached, type Scope } from './document.js';
import { RowReader } from './row-reader.js';
import type { Turn } from './turn.js';

/** Remembers how far a node has come, when some expression reads it. */
export function remember(turn: Turn, execution: Execution): void {
  if (execution.callback || !turn.process.referenced.has(execution.nodeId)) return;
  const scope = turn.scope(execution.scope);
  const { id, status, failed = false, attempt } = execution;
  scope.reached = { ...scope.reached, [execution.nodeId]: { id, status, failed, attempt } };
}

/** Hands what an ended scope remembers to the scope around it: its nodes stay readable there, those of an item to few. */
export function passOn(turn: Turn, ended: Scope): void {
  if (ended.parent === undefined || !ended.reached || !turn.findScope(ended.parent)) return;
  const parent = turn.scope(ended.parent);
  parent.reached = { ...parent.reached, ...(ended.index === undefined ? ended.reached : markedAsItems(ended.reached)) };
}

const markedAsItems = (reached: NonNullable<Scope['reached']>): NonNullable<Scope['reached']> =>
  Object.fromEntries(Object.entries(reached).map(([nodeId, entry]) => [nodeId, { ...entry, inItem: true }]));

/**
 * `tasks` for an expression in a scope that names these nodes; one that sees all sees into the items of a foreach too.
 * Throws RowsNeeded with everything missing at once.
 */
export function outcomesFor(turn: Turn, scope: number, nodeIds: Iterable<string>, seesAll: boolean): JsonObject {
  const reader = new RowReader(turn);
  const seesItems = seesAll || isInTeardown(turn, scope);
  const outcomeOf = (nodeId: string): Json => {
    const reached = lookUp(turn, scope, nodeId);
    return reader.outcome(reached?.inItem && !seesItems ? undefined : reached);
  };
  const tasks = Object.fromEntries([...nodeIds].map((nodeId) => [nodeId, outcomeOf(nodeId)]));
  reader.assertComplete();
  return tasks;
}

/** What a container gives that has no `outputs`. Throws RowsNeeded as {@link outcomesFor} does. */
export function containerResult(turn: Turn, execution: Execution): Json {
  const reader = new RowReader(turn);
  const result = reader.resultOf(turn.asItStands(execution.id));
  reader.assertComplete();
  return result;
}

function isInTeardown(turn: Turn, from: number): boolean {
  for (let scope = turn.findScope(from); scope; scope = scope.parent === undefined ? undefined : turn.findScope(scope.parent)) {
    if (scope.section === 'teardown') return true;
  }
  return false;
}

/** The node's latest visit in the nearest enclosing scope; its own scope, when open, hides visits of earlier rounds. */
function lookUp(turn: Turn, from: number, nodeId: string): Reached | undefined {
  const node = turn.process.nodes.get(nodeId);
  for (let scope = turn.findScope(from); scope; scope = scope.parent === undefined ? undefined : turn.findScope(scope.parent)) {
    const reached = own(scope.reached, nodeId);
    if (reached || (node && standsIn(node, scope))) return reached;
  }
  return undefined;
}

function standsIn(node: CompiledNode, scope: Scope): boolean {
  if (scope.owner === null) return node.flow === 'setup' || node.flow === 'flow' || node.flow === 'teardown';
  if (scope.section.startsWith('branches/')) return node.flow === `${scope.owner}/${scope.section}`;
  return ['setup', 'flow', 'teardown'].some((section) => node.flow === `${scope.owner}/${section}`);
}
