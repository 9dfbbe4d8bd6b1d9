import { describe, expect, it } from '@jest/globals';
import { Coverage, type Failure, type Safeguard, SAFEGUARDS, simulate } from './index.js';

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
      onError: ['goto', 'hold', 'ignore', 'raise'],
      joins: ['1', '2', 'all', 'any'],
      triggers: ['all_done', 'all_success', 'none_failed', 'one_success'],
      strategies: [
        ...['callbacks', 'deadline', 'disabled', 'failFast', 'maxFailures', 'noSelfApproval', 'queueTimeout', 'retry', 'setup', 'teardown'],
        ...['timeout', 'when', 'workspace'],
      ],
    });
    expect(occurred.operations).toHaveLength(14 + 8);
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
