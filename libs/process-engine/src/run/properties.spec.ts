import { describe, expect, it } from '@jest/globals';
import { isTerminalProcess, isTerminalTask, type Json } from '@orderlines/contracts';
import fc from 'fast-check';
import type { CompiledProcess } from '../definition/compiled.js';
import { documentOf } from './document.js';
import type { Operation, RunEvent } from './event.js';
import type { Run } from './state.js';
import { anyProcess } from './testing/random-process.js';
import { anyScript } from './testing/random-script.js';
import { misplacedTokens, RunStore, Simulation, unexplained } from './testing/index.js';
import type { Transition } from './transition.js';

const RUNS = 300;

const anyOperation: fc.Arbitrary<Operation> = fc.constantFrom<Operation>(
  { name: 'pause' },
  { name: 'resume' },
  { name: 'resume' },
  { name: 'stop' },
  { name: 'stop', force: true },
);
/** Something done to one of the executions there are, its newest twice as often. */
const anyOnNode = fc.record({
  pick: fc.oneof(fc.constant(-1), fc.nat(40)),
  operation: fc.oneof(
    fc.constantFrom('retry', 'skip', 'fail', 'stop', 'raise').map((name) => ({ name })),
    fc.constantFrom<Json>({}, { n: 1 }).map((result) => ({ name: 'succeed', result })),
    fc.constantFrom('1', 'default').map((way) => ({ name: 'choose', case: way })),
    fc.constant({ name: 'retry', input: { other: true } }),
  ),
});
const interventions = fc.array(
  fc.record({
    after: fc.nat(6_000),
    operation: fc.option(anyOperation, { nil: undefined }),
    onNodes: fc.array(anyOnNode, { maxLength: 3 }),
    folderLost: fc.nat(9).map((n) => n === 0),
    again: fc.array(fc.nat(500), { maxLength: 5 }),
  }),
  { maxLength: 6 },
);

/** Everything in a run that has not ended says what it waits for; one that has ended holds callbacks only. */
function expectReasons(process: CompiledProcess, run: Run): void {
  expect(unexplained(process, run)).toEqual([]);
  const { scopes, executions, timers } = documentOf(run);
  if (!isTerminalProcess(run.status)) return expect(scopes).not.toEqual({});
  expect(scopes).toEqual({});
  expect(Object.values(executions).filter((execution) => !execution.callback)).toEqual([]);
  expect(Object.values(timers).filter((timer) => !('execution' in timer) || !executions[timer.execution])).toEqual([]);
}

/** The state is plain JSON: nothing is lost or changed by storing it. */
function expectStorable(run: Run): void {
  expect(JSON.parse(JSON.stringify(run))).toStrictEqual(run);
}

/** A wait is known to whoever brings signals exactly as long as it waits. */
function expectSignalWaits({ store, rows }: Simulation): void {
  const waiting = rows.filter(({ type, status }) => type === 'wait' && status === 'WAITING').map(({ id, attempt }) => `${id}.${attempt}`);
  expect([...store.signalWaits.keys()].sort()).toEqual(waiting.sort());
}

/** What ended badly says why, what was passed over too, and what ended well says nothing of the kind. */
function expectReasonsOfEndings({ rows, run }: Simulation): void {
  const wanted = { SUCCESS: [true, true], FAILURE: [false, true], STOP: [false, true], SKIP: [true, false] } as const;
  const wrong = rows.filter(({ status, kind, reason, skipReason, error }) => {
    const [noReason, noSkipReason] = wanted[status as keyof typeof wanted];
    const isExcused = status === 'SKIP' && skipReason === 'ignored';
    return (
      kind !== 'item' &&
      (((reason === null) !== noReason && !isExcused) || (skipReason === null) !== noSkipReason || (status === 'FAILURE' && error === null))
    );
  });
  expect(wrong.map(({ path, status, reason, skipReason }) => ({ path, status, reason, skipReason }))).toEqual([]);
  if (run.status !== 'SUCCESS') expect(run.error).toMatchObject({ reason: expect.any(String), message: expect.any(String) });
}

const isInTeardown = (process: CompiledProcess, nodeId: string): boolean => {
  const flow = process.flows.get(process.nodes.get(nodeId)?.flow ?? '');
  return flow !== undefined && (flow.section === 'teardown' || (flow.owner !== null && isInTeardown(process, flow.owner)));
};

/** After a stop only teardown and callbacks are dispatched, during a pause only callbacks. */
function expectNothingStarts(process: CompiledProcess, simulation: Simulation, { changes, run }: Transition, isStopped: boolean): void {
  for (const id of changes.dispatch) {
    const row = simulation.store.tasks.get(id);
    if (!row || row.kind === 'callback') continue;
    expect(run.status).not.toBe('PAUSED');
    if (isStopped) expect(isInTeardown(process, row.nodeId)).toBe(true);
  }
}

/** Events that may come any number of times. Operations are repeated by their key, which the executor keeps. */
const REPEATABLE: ReadonlySet<RunEvent['kind']> = new Set([
  'start',
  'claim',
  'finished',
  'lost',
  'timer',
  'deadline',
  'process-deadline',
  'signal',
]);

describe('whatever the definition and the order of events', () => {
  it('tokens are conserved, nothing starts that must not, repeated and replayed events are harmless, and every run ends', () => {
    const property = fc.property(anyProcess, anyScript, interventions, (process, script, planned) => {
      let isStopped = false;
      const endings = new Map<string, number>();
      const repaired: string[] = [];
      const watch = (before: Run | null, event: RunEvent, transition: Transition): void => {
        if (transition.run.generation > (before?.generation ?? 1)) isStopped = false;
        if (event.kind === 'operation' && 'taskInstanceId' in event.operation) repaired.push(event.operation.taskInstanceId);
        else if (event.kind === 'operation' && event.operation.name === 'stop') isStopped = true;
        expect(misplacedTokens(transition.run)).toEqual([]);
        expectReasons(process, transition.run);
        expectStorable(transition.run);
        for (const fact of transition.changes.facts) {
          if (fact.type === 'task' && isTerminalTask(fact.status)) endings.set(fact.id, (endings.get(fact.id) ?? 0) + 1);
        }
      };
      const simulation: Simulation = new Simulation(process, {
        script,
        watch: (before, event, transition) => {
          watch(before, event, transition);
          if (!before) return;
          expectNothingStarts(process, simulation, transition, isStopped);
          expectSignalWaits(simulation);
        },
      });
      for (const { after, operation, onNodes, folderLost, again } of planned) {
        simulation.play(simulation.now + after);
        if (operation) simulation.operate(operation);
        for (const onNode of onNodes) operateOnNode(simulation, onNode);
        if (folderLost) simulation.apply({ kind: 'workspace-lost', worker: 'worker-1' });
        for (const index of again) repeat(simulation, index);
      }
      simulation.operate({ name: 'resume' });
      simulation.play();
      expect(isTerminalProcess(simulation.status)).toBe(true);
      expect(simulation.rows.filter((row) => !isTerminalTask(row.status))).toEqual([]);
      expectReasonsOfEndings(simulation);
      expect([...simulation.store.signalWaits.values()]).toEqual([]);
      // A node ends once, and once more at most for everything that was done to it by hand.
      const byHand = (id: string): number => repaired.filter((each) => each === id).length;
      expect([...endings].filter(([id, count]) => count < 1 || count > 1 + byHand(id))).toEqual([]);
      simulation.events.forEach((_event, index) => repeat(simulation, index));
      expect(replayed(simulation).run).toEqual(simulation.run);
    });
    fc.assert(property, { numRuns: RUNS });
  }, 120_000);
});

/** The same events at the same times, into an empty store. */
function replayed({ store }: Simulation): RunStore {
  const replay = new RunStore(store.process, store.constants);
  for (const { event, at } of store.history) replay.apply(event, at);
  return replay;
}

function operateOnNode(simulation: Simulation, { pick, operation }: { readonly pick: number; readonly operation: object }): void {
  const { rows } = simulation;
  const row = rows.at(pick < 0 ? pick : pick % rows.length);
  if (row) simulation.operate({ ...operation, taskInstanceId: row.id, attempt: row.attempt } as Operation);
}

function repeat(simulation: Simulation, index: number): void {
  const event = simulation.events[index % simulation.events.length];
  const isAnswer = event?.kind === 'operation' && event.operation.name === 'answer';
  if (event && (isAnswer || REPEATABLE.has(event.kind))) expect(simulation.apply(event).changed).toBe(false);
}
