import type { CompiledConcurrency } from '../definition/compiled.js';
import type { Failure, JsonObject, Phase, ProcessStatus, WaitsFor } from '@orderlines/contracts';

/** Number of the state document's shape; release N reads N − 1 and N. */
export const RUN_STATE_FORMAT = 1;

/** The key under which runs take turns, as a run has it. */
export interface Slot {
  readonly key: string;
  readonly limit: number;
  readonly policy: CompiledConcurrency['policy'];
}

/** A run between two transitions, as the executor stores it. */
export interface Run {
  readonly status: ProcessStatus;
  readonly phase: Phase;
  readonly generation: number;
  readonly variables: JsonObject;
  /** Set at the end of a successful run. */
  readonly outputs: JsonObject | null;
  /** Why it failed or was stopped. */
  readonly error: Failure | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When the run's own time-out fires; null while paused or ended. Epoch milliseconds. */
  readonly deadlineAt: number | null;
  /** What the run as a whole waits for: the end of a pause, its turn. */
  readonly waitsFor: WaitsFor | null;
  /** What it takes turns under; null: it takes none. Never changes. */
  readonly slot: Slot | null;
  /** Cursors, scopes and active attempts: small, opaque to everyone but the engine, `format` first. */
  readonly state: RunState;
}

/** The engine's own document: scopes with their cursors, active executions, remembered outcomes. */
export interface RunState {
  readonly format: typeof RUN_STATE_FORMAT;
  readonly [key: string]: unknown;
}
