import type { Failure, FailureReason, Json, JsonObject } from '@orderlines/contracts';

/** What the fake worker makes of one attempt. */
export interface Played {
  /** Milliseconds from the claim to the end; 1,000 when absent. */
  readonly after?: number;
  readonly result?: Json;
  readonly failure?: Failure;
  readonly variables?: JsonObject;
  /** The worker vanishes instead of reporting. */
  readonly lost?: boolean;
  /** The worker never reports and does not answer a cancel. */
  readonly hangs?: boolean;
  /** A cancel comes too late: it ends as it would have. */
  readonly deaf?: boolean;
  /** What the task type declares. */
  readonly idempotent?: boolean;
  /** The worker that asks; `worker-1` when absent. */
  readonly worker?: string;
  /** No worker asks for it. */
  readonly unclaimed?: boolean;
  /** Answers to an approval, each so many milliseconds after it began to wait. */
  readonly answers?: readonly PlayedAnswer[];
  /** What a wait is sent, `after` it began; without it nothing ever comes. */
  readonly signal?: Json;
}

/** What a person answers. */
export interface PlayedAnswer {
  readonly after: number;
  /** `user:` or `administrator:` and a name. */
  readonly by: string;
  readonly rejects?: boolean;
  readonly comment?: string;
  readonly values?: JsonObject;
}

/** Attempts by node id (or `callback <task type>`), in order; the last one repeats. A node without a script succeeds. */
export type Script = Readonly<Record<string, Played | readonly Played[]>>;

/** An attempt that succeeds. */
export const succeeds = (result: Json = {}, more: Omit<Played, 'result'> = {}): Played => ({ result, ...more });

/** An attempt that fails. */
export const fails = (message = 'exit code 1', reason: FailureReason = 'user', more: Played = {}): Played => ({
  failure: { reason, message },
  ...more,
});

/** An attempt that runs until it is cancelled, and then says so. */
export const runs: Played = { after: Number.MAX_SAFE_INTEGER };
