import { type FailureReason, guardedPiece, type JsonObject } from '@orderlines/contracts';
import type { FinishedEvent } from '../../event.js';
import type { Chance } from './chance.js';

/** What is going to become of an attempt. */
export interface Fate {
  readonly afterMs: number;
  readonly outcome: FinishedEvent['outcome'];
  /** It does not hear that it is to stop. */
  readonly isDeaf: boolean;
}

/** As long as a task runs that hangs, when its time-out does not end it before. */
const HANGS_MS = 90_000;

const REASONS = ['user', 'user', 'user', 'infra', 'plugin', 'timeout.heartbeat'] as const satisfies readonly FailureReason[];

/** Draws a fate; the worker ends what runs longer than its limit. */
export function anyFate(chance: Chance, timeoutMs: number | null): Fate {
  const afterMs = chance.hits(0.03) ? HANGS_MS : chance.between(0, 4_000);
  const isDeaf = chance.hits(0.15);
  if (timeoutMs !== null && afterMs > timeoutMs) {
    const failure = { reason: 'timeout.run', message: 'It took longer than its timeout.' } as const;
    return { afterMs: timeoutMs, outcome: { status: 'FAILURE', failure }, isDeaf };
  }
  return { afterMs, outcome: anyOutcome(chance), isDeaf };
}

function anyOutcome(chance: Chance): FinishedEvent['outcome'] {
  if (chance.hits(0.02)) return { status: 'STOP' };
  if (chance.hits(0.12)) return { status: 'FAILURE', failure: { reason: chance.pick(REASONS) ?? 'user', message: 'boom' } };
  return { status: 'SUCCESS', result: anyResult(chance) };
}

/** Numbers from here on only come out of large values. */
export const LARGE = 1_000;

/** Some results are large: their `big` is sent ahead and stands in the result as a reference. Some hold what was made of a secret. */
function anyResult(chance: Chance): JsonObject {
  const result: JsonObject = { n: chance.between(0, 9) };
  if (chance.hits(0.15)) return { ...result, big: { n: LARGE + chance.between(0, 9) } };
  return chance.hits(0.1) ? { ...result, made: guardedPiece({ kind: 'sealed', box: `box${chance.between(0, 9)}` }) } : result;
}
