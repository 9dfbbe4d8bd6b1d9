import type { Json } from '@orderlines/contracts';
import type { CompiledSwitch } from '../../definition/compiled.js';
import { type Due, type Execution, isObject, type Mutable } from '../document.js';
import { fitted } from '../large-values.js';
import { NodeFailed } from '../node-failed.js';
import { succeed } from '../settle.js';
import { dueAt } from '../token.js';
import type { Turn } from '../turn.js';

/** Takes a result instead of running the node: `set`, callbacks and expressions see it as if the node had given it. */
export function mock(turn: Turn, execution: Mutable<Execution>, result: Json): void {
  const node = turn.node(execution.nodeId);
  const due = node.type === 'switch' ? wayOf(node, result) : undefined;
  turn.scope(execution.scope).last = execution.nodeId;
  succeed(turn, execution, { result: fitted(turn, result, 'result') }, due);
}

/** A switch is mocked by the case it takes: `{ case: <name or number> }`. */
function wayOf(node: CompiledSwitch, result: Json): Due {
  const names = node.cases.map(({ name }, index) => name ?? String(index + 1));
  const taken = isObject(result) ? String(result['case']) : '';
  const next = taken === 'default' ? node.default : node.cases[names.indexOf(taken)]?.next;
  if (next !== undefined) return dueAt(next);
  const known = [...names, ...(node.default === undefined ? [] : ['default'])].join(', ');
  throw new NodeFailed({ reason: 'user', code: 'debug.refused', message: `Mock a switch with { "case": … }, one of: ${known}.` });
}
