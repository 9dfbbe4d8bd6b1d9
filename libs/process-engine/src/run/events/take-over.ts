import { convert } from '../../variables/convert.js';
import type { TaskInstanceRow } from '../changes.js';
import { type Mutable, ROOT, type Scope } from '../document.js';
import type { Rerun } from '../event.js';
import { type Fate, fateOf, takenOver } from '../graph.js';
import type { Turn } from '../turn.js';

/** Takes results and variables of an earlier run over into a new one that begins its body at a later node, or a dag with some nodes done. */
export function takeOver(turn: Turn, { from, variables, reused }: Rerun): Pick<Scope, 'entry' | 'halted' | 'reached'> {
  for (const declared of turn.process.variables) {
    const value = variables[declared.name];
    const converted = value === undefined ? undefined : convert(value, declared);
    if (converted && 'value' in converted) turn.run.variables = { ...turn.run.variables, [declared.name]: converted.value };
  }
  const ids = new Map(reused.map(({ id }) => [id, turn.context.newId()]));
  const reached: Mutable<NonNullable<Scope['reached']>> = {};
  let scopes = ROOT;
  for (const row of reused) {
    const copy = copied(row, ids);
    turn.copy(copy);
    scopes = Math.max(scopes, row.scope);
    const { id, nodeId, status, failed, attempt } = copy;
    if (turn.process.referenced.has(nodeId) && !isInItem(row)) reached[nodeId] = { id, status, failed, attempt };
  }
  turn.reserveScopes(scopes);
  const halted = takenOver(turn, endingsOf(reused));
  return halted ? { halted, reached } : { entry: from, reached };
}

/** How the nodes of the body ended that are not run again. */
const endingsOf = (reused: readonly TaskInstanceRow[]): ReadonlyMap<string, Fate> =>
  new Map(reused.filter(({ parentId }) => parentId === null).map(({ nodeId, skipReason }) => [nodeId, fateOf(skipReason)]));

/** The row of an execution of the new run that was not run: it has ended, and says whose result it is. */
const copied = (row: TaskInstanceRow, ids: ReadonlyMap<string, string>): TaskInstanceRow => ({
  ...row,
  id: ids.get(row.id) ?? row.id,
  parentId: row.parentId === null ? null : (ids.get(row.parentId) ?? null),
  reusedFrom: row.id,
  session: null,
  token: null,
  deadlineAt: null,
  waitsFor: null,
});

/** Nodes inside an item of a foreach can be read inside the same item only. */
const isInItem = ({ path }: TaskInstanceRow): boolean => path.includes('[');
