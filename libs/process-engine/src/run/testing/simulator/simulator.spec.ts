import { describe, expect, it } from '@jest/globals';
import { CALLBACK_STATES, TRIGGERS } from '../../../definition/document-fields.js';
import { DEBUG_RULES, RUN_OPERATIONS, TASK_OPERATIONS } from '../../operations/matrix.js';
import { Coverage, type Failure, type Safeguard, SAFEGUARDS, simulate } from './index.js';

/** A wait is signalled by name and key, like anything else that is told from outside. */
const EVERY_OPERATION = [
  ...RUN_OPERATIONS.filter((name) => name !== 'debug'),
  'stop by force',
  'signal',
  ...TASK_OPERATIONS.filter((name) => name !== 'signal').map((name) => `${name} of a task`),
  ...Object.keys(DEBUG_RULES).map((action) => `debug: ${action}`),
];
const SEEDS = 2_000;
/** A safeguard that is missing is noticed within so many seeds. */
const NOTICED_WITHIN = 1_000;

function firstFailure(without: Safeguard): Failure | undefined {
  for (let seed = 1; seed <= NOTICED_WITHIN; seed++) {
    const failure = simulate(seed, { without });
    if (failure) return failure;
  }
  return undefined;
}

describe('the engine among executors, workers and a transport that fail', () => {
  it('keeps what it promises, whatever is lost, doubled, late or dead', () => {
    const coverage = new Coverage();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const failure = simulate(seed, { coverage });
      if (failure) throw new Error(`seed ${seed} is broken at ${failure.broken}\n${failure.story.join('\n')}`);
    }
    const occurred = Object.fromEntries([...coverage.counts].map(([kind, names]) => [kind, [...names.keys()].sort()]));
    expect(occurred).toMatchObject({
      'node types': ['approval', 'assign', 'dag', 'delay', 'end', 'foreach', 'group', 'parallel', 'process', 'switch', 'task', 'wait'],
      process: ['dag', 'flow', 'onError ignore', 'onError raise', 'timeout', 'workspace'],
      onError: ['goto', 'hold', 'ignore', 'raise'],
      retries: ['budget', 'exponential', 'fixed', 'jitter', 'linear', 'maxDelay', 'reasons', 'when'],
      callbacks: CALLBACK_STATES.toSorted(),
      'process callbacks': CALLBACK_STATES.toSorted(),
      idempotent: ['as the task type says', 'false', 'true'],
      joins: ['1', '2', 'all', 'any'],
      quorums: ['2', 'all', 'any'],
      triggers: TRIGGERS.toSorted(),
      strategies: [
        ...['deadline', 'disabled', 'failFast', 'for', 'groups', 'heartbeatTimeout', 'maxFailures', 'noSelfApproval', 'outputs'],
        ...['queueTimeout', 'retry', 'retry of a container', 'roles', 'runner: cpu', 'setup', 'teardown', 'timeout', 'until', 'users'],
        ...['wait: false', 'wait: true', 'when', 'workspace'],
      ],
      operations: EVERY_OPERATION.toSorted(),
      window: ['two releases at once', 'waits for its turn'],
    });
    expect(occurred.accidents).toHaveLength(7);
    expect(occurred.concurrency).toEqual(
      expect.arrayContaining([
        ...['queue: granted', 'skip: STOP queued', 'fail: FAILURE queued', 'cancel_running: STOP body', 'cancel_running: STOP queued'],
      ]),
    );
    expect(occurred.values).toEqual([
      ...['large value looked into', 'large value passed on', 'secret: expression', 'secret: sealed', 'secret: secret'],
    ]);
    expect(occurred.events).toEqual(expect.arrayContaining(['child', 'deadline', 'lost', 'process-deadline', 'signal', 'slot', 'timer']));
  }, 600_000);

  it('plays a seed the same way every time', () => {
    const [once, again] = [1, 2].map(() => firstFailure('row lock'));
    expect(once?.story.length).toBeGreaterThan(5);
    expect(again).toEqual(once);
  });

  it.each(SAFEGUARDS)(
    'would notice that it had no %s',
    (without) => {
      let seed = 1;
      while (seed <= NOTICED_WITHIN && simulate(seed, { without }) === null) seed++;
      expect(seed).toBeLessThanOrEqual(NOTICED_WITHIN);
    },
    600_000,
  );
});
