import type { JsonObject } from '@orderlines/contracts';
import type { Template } from '../variables/template.js';
import { isObject } from './document.js';
import { evaluate } from './expressions.js';
import { fitted } from './large-values.js';
import { NodeFailed } from './node-failed.js';
import type { Turn } from './turn.js';

/**
 * The `outputs` of a process or container, as seen from a scope.
 * @throws NodeFailed when an expression fails, when they are no map, or too large.
 */
export function evaluateOutputs(turn: Turn, scope: number, template: Template): JsonObject {
  const outputs = evaluate(turn, scope, template);
  if (!isObject(outputs)) {
    throw new NodeFailed({ reason: 'expression', code: 'outputs.not-a-map', message: 'The outputs must be a map of names to values.' });
  }
  // A map above the limit that is the sum of many small members becomes one reference, which is a map as well.
  return fitted(turn, outputs, 'outputs') as JsonObject;
}
