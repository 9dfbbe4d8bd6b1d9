import type { Quorum } from '../../definition/compiled.js';

/** One answer as it counts. */
export interface CountedAnswer {
  readonly approves: boolean;
  /** The candidates that this person is; none: an administrator who is not named. */
  readonly as: readonly string[];
}

/** How far an approval has come. */
export interface Tally {
  readonly decision: 'approved' | 'rejected' | null;
  readonly have: number;
  readonly need: number;
}

/**
 * Counts: one rejection rejects. `all` wants every user named and somebody of every role and group named; an administrator
 * who is not named stands in for one of them.
 */
export function tally(quorum: Quorum, candidates: readonly string[], answers: readonly CountedAnswer[]): Tally {
  const need = quorum === 'any' ? 1 : quorum === 'all' ? Math.max(1, candidates.length) : quorum;
  const approvals = answers.filter(({ approves }) => approves);
  const have = Math.min(need, quorum === 'all' ? covered(candidates, approvals) : approvals.length);
  const isRejected = approvals.length < answers.length;
  return { decision: isRejected ? 'rejected' : have >= need ? 'approved' : null, have, need };
}

function covered(candidates: readonly string[], approvals: readonly CountedAnswer[]): number {
  const named = candidates.filter((candidate) => approvals.some(({ as }) => as.includes(candidate)));
  return named.length + approvals.filter(({ as }) => as.length === 0).length;
}
