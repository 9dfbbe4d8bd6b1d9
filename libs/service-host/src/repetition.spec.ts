import { repeat } from './repetition.js';

const NEVER_MS = 3_600_000;

/** Resolves when it has been called so many times. */
const counter = (wanted: number) => {
  let count = 0;
  let reached: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (reached = resolve));
  return {
    done,
    count: () => count,
    hit: () => {
      if ((count += 1) === wanted) reached();
    },
  };
};

describe('something that is repeated', () => {
  it('goes on after a round that failed', async () => {
    const rounds = counter(3);
    const failures: unknown[] = [];
    const round = () => {
      rounds.hit();
      return Promise.reject(new Error('broken'));
    };
    const repetition = repeat({ everyMs: 1, round, failed: (error) => failures.push(error) });
    await rounds.done;
    await repetition.stop();
    expect(failures.length).toBe(rounds.count());
  });

  it('waits for the first round unless it is wanted at once, and comes early when it is woken', async () => {
    const rounds = counter(1);
    const repetition = repeat({ everyMs: NEVER_MS, round: async () => rounds.hit(), failed: () => undefined });
    expect(rounds.count()).toBe(0);
    repetition.wake();
    await rounds.done;
    await repetition.stop();
    const eager = counter(1);
    const other = repeat({ everyMs: NEVER_MS, round: async () => eager.hit(), failed: () => undefined, atOnce: true });
    await eager.done;
    await other.stop();
  });

  it('that is woken during a round has another one after it', async () => {
    const rounds = counter(2);
    const repetition = repeat({
      everyMs: NEVER_MS,
      round: async () => {
        rounds.hit();
        if (rounds.count() === 1) repetition.wake();
      },
      failed: () => undefined,
    });
    repetition.wake();
    await rounds.done;
    await repetition.stop();
  });

  it('waits as long as a round says, this once', async () => {
    const rounds = counter(2);
    const repetition = repeat({
      everyMs: NEVER_MS,
      round: async () => {
        rounds.hit();
        return 1;
      },
      failed: () => undefined,
      atOnce: true,
    });
    await rounds.done;
    await repetition.stop();
  });

  it('is stopped when the round under way has ended, and begins no other', async () => {
    let finish: () => void = () => undefined;
    const rounds = counter(1);
    const repetition = repeat({
      everyMs: 1,
      round: () => {
        rounds.hit();
        return new Promise<void>((resolve) => (finish = resolve));
      },
      failed: () => undefined,
    });
    await rounds.done;
    const stopped = repetition.stop();
    finish();
    await stopped;
    expect(rounds.count()).toBe(1);
  });
});
