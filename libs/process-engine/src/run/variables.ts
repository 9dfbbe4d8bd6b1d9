import type { Json, JsonObject } from '@orderlines/contracts';
import type { CompiledNode } from '../definition/compiled.js';
import { convert } from '../variables/convert.js';
import type { Execution } from './document.js';
import { evaluate } from './expressions.js';
import { exceeds, MAX_VARIABLES_BYTES } from './limits.js';
import { NodeFailed } from './node-failed.js';
import type { Turn } from './turn.js';

/**
 * Writes the variables a task reported and then those of the node's `set`, each seeing the ones before; all or none.
 * @throws NodeFailed when a name is not declared, a value does not fit its type, or all together are too large.
 */
export function writeVariables(turn: Turn, execution: Execution, node: CompiledNode, result: () => Json, reported: JsonObject = {}): void {
  const changed = allOrNone(turn, (written) => {
    for (const [name, value] of Object.entries(reported)) write(turn, written, name, value);
    if (node.set.length > 0) writeSet(turn, execution.scope, node, result(), written);
  });
  if (Object.keys(changed).length > 0) turn.facts.push({ type: 'variables', values: changed, taskInstanceId: execution.id });
}

/** Writes variables as an operator says; all or none. Throws NodeFailed as {@link writeVariables}. */
export function setVariables(turn: Turn, values: JsonObject): void {
  const changed = allOrNone(turn, (written) => {
    for (const [name, value] of Object.entries(values)) write(turn, written, name, value);
  });
  turn.facts.push({ type: 'variables', values: changed });
}

function allOrNone(turn: Turn, work: (written: JsonObject) => void): JsonObject {
  const before = turn.run.variables;
  const written: JsonObject = {};
  try {
    work(written);
    assertTotalFits(turn, written);
  } catch (error) {
    turn.run.variables = before;
    throw error;
  }
  return written;
}

function writeSet(turn: Turn, scope: number, { set }: CompiledNode, result: Json, changed: JsonObject): void {
  for (const [name, template] of set) write(turn, changed, name, evaluate(turn, scope, template, { result }));
}

function write(turn: Turn, changed: JsonObject, name: string, value: Json): void {
  const declared = turn.process.variables.find((variable) => variable.name === name);
  if (!declared) {
    throw new NodeFailed({
      reason: 'expression',
      code: 'variable.undeclared',
      message: `The variable ${name} is not declared. Add it to the variables of the process ${turn.process.name}.`,
    });
  }
  const converted = convert(value, declared);
  if ('mistake' in converted) {
    const message = `The variable ${name} ${converted.mistake}.`;
    throw new NodeFailed({ reason: 'expression', code: 'variable.mistyped', message });
  }
  changed[name] = converted.value;
  turn.run.variables = { ...turn.run.variables, [name]: converted.value };
}

function assertTotalFits(turn: Turn, changed: JsonObject): void {
  if (Object.keys(changed).length === 0 || !exceeds(turn.run.variables, MAX_VARIABLES_BYTES)) return;
  throw new NodeFailed({
    reason: 'expression',
    code: 'variables.too-large',
    message: `The variables of the run would take more than 1 MiB together, with ${Object.keys(changed).join(', ')} written.`,
  });
}
