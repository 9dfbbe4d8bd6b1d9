import { runThat, type Run } from './runs.js';
import type { Platform } from './platform.js';

/** A run with what may be asked of it and of its nodes. */
export interface Shown extends Run {
  readonly phase: string;
  readonly allowed: readonly string[];
  readonly tasks: readonly ShownTask[];
}

/** An execution with what may be asked of it. */
export type ShownTask = Run['tasks'][number] & {
  readonly type: string;
  readonly attempt: number;
  readonly allowed: readonly string[];
  readonly waitReason?: { readonly kind: string };
};

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly allowed: readonly string[];
  readonly instanceStatus: string;
}

/** What a refusal says beside what is allowed. */
interface Why {
  readonly code?: string;
  readonly detail?: RegExp;
}

/** Waits until a run stands as wanted. */
export const standsAt = (platform: Platform, id: string, what: string, wanted: (run: Shown) => boolean): Promise<Shown> =>
  runThat(platform, id, what, (run) => wanted(run as Shown), 30_000) as Promise<Shown>;

/** An answer is 409, and says the status, what is allowed and why. */
export const expectRefused = async (
  answer: Response,
  allowed: readonly string[],
  { status: runStatus }: Pick<Run, 'status'>,
  { code = 'instance.not-permitted', detail: why = /needs/ }: Why = {},
): Promise<void> => {
  const { code: said, allowed: instead, instanceStatus, detail } = (await answer.json()) as Refusal;
  expect([answer.status, said, instead, instanceStatus]).toEqual([409, code, allowed, runStatus]);
  expect(detail).toMatch(why);
};
