import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseScenarios, playScenario } from './testing/scenario.js';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name: name.replace('.yaml', ''), scenarios: parseScenarios(readFileSync(new URL(name, folder), 'utf8')) }));

describe.each(files)('$name', ({ scenarios }) => {
  it.each(scenarios)('$name', (scenario) => {
    playScenario(scenario, (seen, expected) => expect(seen).toEqual(expected));
  });
});

/** Faults that other parts decide: import of the older format, validation, workers, executor. */
const ELSEWHERE = new Set(['E5', 'E7', 'E18', 'E22', 'E29']);

it('every fault of the original that the engine decides has a scenario', () => {
  const covered = new Set(files.flatMap(({ scenarios }) => scenarios.flatMap(({ faults }) => faults)));
  const wanted = Array.from({ length: 31 }, (_, index) => `E${index + 1}`).filter((fault) => !ELSEWHERE.has(fault));
  expect(wanted.filter((fault) => !covered.has(fault))).toEqual([]);
});
