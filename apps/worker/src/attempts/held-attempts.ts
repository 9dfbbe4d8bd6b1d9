import { WORKERS, type HeldAttempt } from '@orderlines/messaging';
import { StopOrder } from '@orderlines/plugin-sdk';
import { dispatchKey, type Dispatch, type ResultOutbox } from '../results/result-outbox.js';
import { BegunDispatches } from './begun-dispatches.js';
import type { RunningAttempt } from './running-attempt.js';

/** Everything this session answers for: attempts that run, and results that are not yet confirmed. */
export class HeldAttempts {
  private readonly running = new Map<string, RunningAttempt>();
  private readonly begun = new BegunDispatches();
  private idleWaiters: (() => void)[] = [];

  constructor(private readonly outbox: ResultOutbox) {}

  get runningCount(): number {
    return this.running.size;
  }

  /** True when a granted dispatch may begin: false for a copy of one that this session has begun. */
  begins(dispatch: Dispatch): boolean {
    return this.begun.begins(dispatch);
  }

  add(attempt: RunningAttempt): void {
    this.running.set(dispatchKey(attempt.message), attempt);
  }

  remove(attempt: RunningAttempt): void {
    const key = dispatchKey(attempt.message);
    if (this.running.get(key) === attempt) this.running.delete(key);
    if (this.running.size === 0) for (const resolve of this.idleWaiters.splice(0)) resolve();
  }

  /** What the next heartbeat names: those running first. */
  held(): { readonly held: HeldAttempt[]; readonly heldIsComplete: boolean } {
    this.begun.forget((key) => this.running.has(key) || this.outbox.has(key));
    const held: HeldAttempt[] = [];
    for (const { message, token } of this.running.values()) held.push({ ...identityOf(message), token, state: 'running' });
    for (const result of this.outbox.unconfirmed()) {
      if (held.length >= WORKERS.heldPerBeat) break;
      held.push({ ...identityOf(result), token: result.token, state: 'finished' });
    }
    return { held, heldIsComplete: held.length === this.running.size + this.outbox.size };
  }

  /** Stops an attempt; one that is not here has ended already. */
  cancel(order: { readonly taskInstanceId: string; readonly attempt: number; readonly reason: string; readonly graceMs: number }): void {
    for (const running of this.running.values()) {
      const { message } = running;
      if (message.taskInstanceId !== order.taskInstanceId || message.attempt !== order.attempt) continue;
      const reason = STOP_REASONS.find((known) => known === order.reason) ?? 'stopped';
      running.stop(new StopOrder(reason, `It was told to stop (${order.reason})`, order.graceMs));
    }
  }

  /** Nobody wants to hear of it: it is killed, its result forgotten. */
  forget(dispatch: Dispatch): void {
    this.running.get(dispatchKey(dispatch))?.stopSilently();
    this.outbox.confirm(dispatch);
  }

  /** Stops everything that runs. */
  stopAll(order: StopOrder): void {
    for (const running of this.running.values()) running.stop(order);
  }

  /** Resolves when nothing runs, or after the limit. */
  async idle(limitMs: number): Promise<void> {
    if (this.running.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.idleWaiters.push(resolve);
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
  }
}

const STOP_REASONS = ['stopped', 'timeout.run', 'timeout.heartbeat', 'infra'] as const;

const identityOf = ({ instanceId, taskInstanceId, attempt, dispatch }: Omit<HeldAttempt, 'token' | 'state'>) => ({
  instanceId,
  taskInstanceId,
  attempt,
  dispatch,
});
