import type { Json, JsonObject } from '@orderlines/contracts';
import { Simulation } from '../../../run/testing/index.js';
import type { Played, Script } from '../../../run/testing/script.js';
import { compile } from '../../compile.js';
import type { ProcessDocument } from '../../document.js';

/** What the bundled `math` task type does with its arguments. */
function calculate(input: Json): Played {
  const { operation, a, b } = input as JsonObject;
  if (typeof a !== 'number' || typeof b !== 'number') return { failure: { reason: 'plugin', message: 'a and b must be numbers' } };
  switch (operation) {
    case 'add':
      return { result: { add_value: a + b } };
    case 'subtract':
      return { result: { subtraction_value: a - b } };
    default:
      return { result: { multi_value: a * b } };
  }
}

/** Runs a document to its end; `math` tasks calculate what they are given, others succeed unless the script says otherwise. */
export function runToEnd(document: ProcessDocument, script: Script = {}): Simulation {
  const process = compile(document);
  const started: { simulation?: Simulation } = {};
  // Read when an attempt ends: only then its arguments are known.
  const calculated = (id: string): Played => ({
    get result() {
      return calculate(started.simulation?.row(id).input ?? null).result ?? {};
    },
    get failure() {
      return calculate(started.simulation?.row(id).input ?? null).failure;
    },
  });
  const tasks = [...process.nodes.values()].filter((node) => node.type === 'task' && node.uses === 'math');
  const simulation = new Simulation(process, { script: { ...Object.fromEntries(tasks.map(({ id }) => [id, calculated(id)])), ...script } });
  started.simulation = simulation;
  return simulation.play();
}
