import { pause } from '@orderlines/service-host';

/** Wakes the timer loop when the next thing this executor set is due. */
export class AlarmClock {
  private sleep = new AbortController();
  private wakeAt = Infinity;

  /** Something is due in so many milliseconds. */
  set(milliseconds: number): void {
    const at = performance.now() + Math.max(milliseconds, 0);
    if (at >= this.wakeAt) return;
    this.wakeAt = at;
    this.sleep.abort();
  }

  /** Resolves at the next alarm, after the limit, or when the signal is aborted. */
  async wait(limitMs: number, signal: AbortSignal): Promise<void> {
    const limit = performance.now() + limitMs;
    for (let left = limitMs; left > 0 && !signal.aborted; left = Math.min(this.wakeAt, limit) - performance.now()) {
      this.sleep = new AbortController();
      await pause(Math.min(this.wakeAt - performance.now(), left), AbortSignal.any([this.sleep.signal, signal]));
    }
    this.wakeAt = Infinity;
  }
}
