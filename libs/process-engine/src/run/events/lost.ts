import type { Failure } from '@orderlines/contracts';
import { redeliver } from '../attempts.js';
import type { Execution, Mutable } from '../document.js';
import { MAX_LOSSES } from '../limits.js';
import { fail, type Report, stop } from '../settle.js';
import type { Turn } from '../turn.js';

/** An attempt whose worker is gone: an idempotent task is delivered again, another has failed with an unknown outcome. */
export function lose(turn: Turn, execution: Mutable<Execution>, failure: Failure, report: Report = {}): void {
  if (execution.cancelled) return stop(turn, execution, execution.cancelled.failure, report);
  const losses = (execution.losses ?? 0) + 1;
  if (!execution.idempotent || losses > MAX_LOSSES) return fail(turn, execution, failure, report);
  execution.losses = losses;
  redeliver(turn, execution);
}
