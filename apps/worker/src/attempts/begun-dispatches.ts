import { dispatchKey, type Dispatch } from '../results/result-outbox.js';

/** The answer to a claim comes at most so long after it was asked (`ack_wait` 30 s), and then again as long. */
const REMEMBERED_MS = 60_000;

/**
 * What this session has begun. A dispatch can come twice (a restarted NATS gives acknowledged messages back as new ones), and the executor
 * grants it to the same session each time, since it cannot know that the first answer has arrived: whoever has begun it must not begin it again.
 */
export class BegunDispatches {
  /** The moment at which each was last known to be held. */
  private readonly begun = new Map<string, number>();

  constructor(private readonly clock: () => number = Date.now) {}

  /** True the first time, false for every copy. */
  begins(dispatch: Dispatch): boolean {
    const key = dispatchKey(dispatch);
    if (this.begun.has(key)) return false;
    this.begun.set(key, this.clock());
    return true;
  }

  /** Forgets what has not been held for so long that no answer to a claim for it can be on its way; called over and over. */
  forget(isHeld: (key: string) => boolean): void {
    const now = this.clock();
    for (const [key, at] of this.begun) {
      if (isHeld(key)) this.begun.set(key, now);
      else if (now - at > REMEMBERED_MS) this.begun.delete(key);
    }
  }
}
