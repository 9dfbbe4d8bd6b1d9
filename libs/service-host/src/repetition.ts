import { pause } from './pause.js';

/** What is done over and over. */
export interface RepeatOptions {
  /** Milliseconds between the end of a round and the beginning of the next; a round may give another number for its own. */
  readonly everyMs: number;
  /** One round; a number is how long to wait this once. */
  readonly round: () => Promise<number | void>;
  /** Told about a round that failed; the next one comes as if it had not. */
  readonly failed: (error: unknown) => void;
  /** Whether the first round comes at once (false: after `everyMs`). */
  readonly atOnce?: boolean;
}

/** Rounds that go on until they are stopped. */
export interface Repetition {
  /** The next round begins now, or when the one under way has ended. */
  wake(): void;
  /** Begins no further round; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** Does something over and over, one round after the other, with a pause between them. */
export const repeat = ({ everyMs, round, failed, atOnce = false }: RepeatOptions): Repetition => {
  const stopping = new AbortController();
  let sleep = new AbortController();
  let isWanted = atOnce;
  const run = async (): Promise<void> => {
    let waitMs = everyMs;
    while (!stopping.signal.aborted) {
      sleep = new AbortController();
      if (!isWanted) await pause(waitMs, AbortSignal.any([sleep.signal, stopping.signal]));
      isWanted = false;
      waitMs = everyMs;
      if (stopping.signal.aborted) return;
      try {
        waitMs = (await round()) ?? everyMs;
      } catch (error) {
        failed(error);
      }
    }
  };
  const ended = run();
  return {
    wake: () => {
      isWanted = true;
      sleep.abort();
    },
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
};
