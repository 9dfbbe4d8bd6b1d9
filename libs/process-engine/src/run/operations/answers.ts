import { NodeFailed } from '../node-failed.js';
import type { Turn } from '../turn.js';

/** The operation was done, or was so already. */
export function accept(turn: Turn): void {
  turn.answer = { accepted: true, status: turn.run.status, runningTasks: runningTasks(turn) };
}

/** The operation is not possible now, or never as it was asked for (`code`): nothing changes. */
export function refuse(turn: Turn, message: string, allowed: readonly string[], code?: string): void {
  turn.changed = false;
  turn.work.length = 0;
  turn.answer = { accepted: false, status: turn.run.status, message, allowed, ...(code !== undefined && { code }) };
}

/** `Allowed now: …`, as a refusal ends. */
export const insteadOf = (allowed: readonly string[]): string =>
  allowed.length > 0 ? ` Allowed now: ${allowed.join(', ')}.` : ' Nothing is allowed now.';

/** Carries an operation out; what it was given and cannot be taken is refused with what is wrong. */
export function carriedOut(turn: Turn, allowed: readonly string[], work: () => void): void {
  try {
    work();
    accept(turn);
  } catch (error) {
    if (!(error instanceof NodeFailed)) throw error;
    refuse(turn, error.failure.message, allowed, error.failure.code ?? 'operation.invalid');
  }
}

const runningTasks = (turn: Turn): readonly string[] =>
  turn
    .openExecutions()
    .filter(({ session, callback }) => session !== undefined && !callback)
    .map(({ id }) => id);
