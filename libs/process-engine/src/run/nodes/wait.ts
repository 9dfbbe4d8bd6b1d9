import { MAX_SIGNAL_TEXT, type Json } from '@orderlines/contracts';
import type { CompiledWait } from '../../definition/compiled.js';
import type { Template } from '../../variables/template.js';
import { evaluate } from '../expressions.js';
import { NodeFailed } from '../node-failed.js';
import { pathOf } from '../paths.js';
import { setDeadline } from '../policy/timeouts.js';
import type { Turn } from '../turn.js';
import { showDeadline, waitFor } from '../waiting.js';
import type { NodeBehaviour } from './behaviour.js';

/** Waits for a signal. The executor brings the two together, whichever comes first, and reports it as an event. */
export const wait: NodeBehaviour<CompiledWait> = {
  begin(turn, node, execution) {
    const name = textOf(turn, execution.scope, node.signal, `signal of ${node.id}`);
    const key = textOf(turn, execution.scope, node.key, `key of ${node.id}`);
    setDeadline(turn, node, execution);
    execution.status = 'WAITING';
    delete execution.signal;
    waitFor(turn, execution, { kind: 'signal', name, key });
    showDeadline(execution);
    turn.detail(execution.id, { input: { signal: name, key } });
    turn.tell(execution, pathOf(turn, execution));
  },
};

function textOf(turn: Turn, scope: number, template: Template, what: string): string {
  const value = evaluate(turn, scope, template);
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const text = isScalar ? String(value) : '';
  if (isScalar && text.length <= MAX_SIGNAL_TEXT) return text;
  throw new NodeFailed({ reason: 'expression', code: 'expression.not-a-key', message: `${what} ${complaint(value, isScalar)}` });
}

const complaint = (value: Json, isScalar: boolean): string =>
  isScalar
    ? `is longer than ${MAX_SIGNAL_TEXT} characters.`
    : `must give a text or a number, it gave ${JSON.stringify(value).slice(0, 200)}.`;
