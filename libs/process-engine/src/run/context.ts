import type { Failure, Json, TaskStatus, LargeValue } from '@orderlines/contracts';
import type { CompiledCallback, CompiledRetry } from '../definition/compiled.js';

/** What `advance` may not make or read by itself. One per batch and run. */
export interface AdvanceContext {
  /** Postgres's `now()` of the batch, epoch milliseconds. */
  readonly now: number;
  /** A new UUIDv7. */
  newId(): string;
  /** A new claim token, unguessable. */
  newToken(): string;
  /** A number in [0, 1), for jitter. */
  random(): number;
  readonly settings: EngineSettings;
  /**
   * True when nobody looks again at the run that is given: its document is changed instead of copied, which is what makes the
   * cost of a transition independent of how much of the run is going on. When `advance` throws, the run is as it was all the same.
   */
  readonly takesOver?: boolean;
  /**
   * A stored task instance, or undefined when it has not been loaded yet: `advance` then throws
   * {@link RowsNeeded}, the executor loads the rows and calls again. Nothing has changed until it returns.
   */
  task(taskInstanceId: string): StoredTask | undefined;
  /** All task instances whose parent is this container (for `tasks.<container>.result`), or undefined when not loaded yet. */
  children(containerId: string): readonly StoredTask[] | undefined;
  /** The whole of a value that stands as a reference; null when the run does not have it, undefined when not loaded yet. */
  value(reference: LargeValue): Json | null | undefined;
}

/** System parameters that the engine needs; times in milliseconds. What a node or process says itself goes before them. */
export interface EngineSettings {
  /** For a task without `timeout` (1 h). */
  readonly taskTimeoutMs: number;
  /** For a process without `timeout` (24 h). */
  readonly processTimeoutMs: number;
  /** TERM to KILL, and how long a stop waits for a worker's word (10 s). */
  readonly graceMs: number;
  /** Limit of the teardown from its start (10 min). */
  readonly teardownTimeoutMs: number;
  /** Limit of each callback (5 min). */
  readonly callbackTimeoutMs: number;
  /** For a task that has neither `retry` nor `onError`; absent: it is not repeated. */
  readonly taskRetry?: CompiledRetry;
  /** What becomes of a failed task without `onError` (raise). */
  readonly taskOnError: 'raise' | 'ignore' | 'hold';
  /** Callbacks of a run whose process has none. */
  readonly runCallbacks: readonly CompiledCallback[];
}

/** What expressions and container results need of a stored task instance. */
export interface StoredTask {
  readonly id: string;
  readonly nodeId: string;
  readonly parentId: string | null;
  readonly scope: number;
  readonly visit: number;
  /** Number of the item of the foreach it belongs to. */
  readonly index: number | null;
  readonly status: TaskStatus;
  readonly failed: boolean;
  readonly result: Json;
  /** Its arguments, of a foreach its items: asked for by id only, and of other types it may be left out. */
  readonly input?: Json;
  readonly error: Failure | null;
  readonly attempt: number;
  readonly dispatch: number;
  readonly worker: string | null;
  readonly logChunks: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** Thrown by `advance` when it needs rows that the context has not loaded. */
export class RowsNeeded extends Error {
  constructor(
    readonly taskInstanceIds: readonly string[],
    readonly containerIds: readonly string[],
    readonly values: readonly LargeValue[] = [],
  ) {
    super('rows needed');
    this.name = 'RowsNeeded';
  }
}
