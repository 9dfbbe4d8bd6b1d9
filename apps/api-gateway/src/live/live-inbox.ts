import type { LiveMessage } from '@orderlines/messaging';
import type { LiveListener } from './live-feed.js';

/** Messages kept for a reader that is busy; beyond it they are forgotten, and the history is read instead. */
const MAX_KEPT = 256;

/** Live messages of one run on their way to one reader. */
export class LiveInbox implements LiveListener {
  private kept: LiveMessage[] = [];
  private missed = false;
  private wake: (() => void) | undefined;

  message(message: LiveMessage): void {
    this.kept.push(message);
    if (this.kept.length > MAX_KEPT) this.gap();
    this.wake?.();
  }

  gap(): void {
    this.kept = [];
    this.missed = true;
    this.wake?.();
  }

  /** The next message; undefined when some were missed, nothing came for so long, or the signal was given: look at the history. */
  async next(limitMs: number, signal: AbortSignal): Promise<LiveMessage | undefined> {
    if (!this.missed && this.kept.length === 0) await this.something(limitMs, signal);
    if (this.missed) {
      this.missed = false;
      return undefined;
    }
    return this.kept.shift();
  }

  private something(limitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, limitMs);
      signal.addEventListener('abort', done, { once: true });
      this.wake = done;
      if (signal.aborted) done();
    });
  }
}
