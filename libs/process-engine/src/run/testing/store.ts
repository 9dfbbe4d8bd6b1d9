import { digestOf, largeValue, type Json, type JsonObject, type LargeValue } from '@orderlines/contracts';
import type { CompiledProcess } from '../../definition/compiled.js';
import { sha256 } from '../../variables/functions/sha256.js';
import { advance } from '../advance.js';
import type { AttemptRow, Changes, Fact, TaskInstanceRow, TimerRow } from '../changes.js';
import { type AdvanceContext, type EngineSettings, RowsNeeded, type StoredTask } from '../context.js';
import type { RunEvent, RunHeader } from '../event.js';
import type { OpenedSignalWait } from '../signal-waits.js';
import type { Run } from '../state.js';
import type { RunConstants, Transition } from '../transition.js';

/** The system parameters as they are shipped. */
export const DEFAULT_SETTINGS: EngineSettings = {
  taskTimeoutMs: 3_600_000,
  processTimeoutMs: 86_400_000,
  graceMs: 10_000,
  teardownTimeoutMs: 600_000,
  callbackTimeoutMs: 300_000,
  taskOnError: 'raise',
  runCallbacks: [],
};

const NO_ID = '00000000-0000-7000-8000-000000000000';

interface Loaded {
  readonly tasks: ReadonlySet<string>;
  readonly containers: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/** One applied transition as the history keeps it. */
export interface HistoryEntry {
  readonly at: number;
  readonly event: RunEvent;
  readonly facts: readonly Fact[];
}

/** Where the ids of rows and the tokens of claims come from, counted so that they repeat. */
export class Ids {
  private last = 0;

  uuid(): string {
    return `00000000-0000-7000-8000-${(++this.last).toString(16).padStart(12, '0')}`;
  }

  token(): string {
    return `token-${++this.last}`;
  }
}

/** The rows of one run in memory: what the executor keeps in Postgres. Everything passes through JSON, as it does there. */
export class RunStore {
  readonly tasks = new Map<string, TaskInstanceRow>();
  readonly attempts: AttemptRow[] = [];
  readonly timers = new Map<string, TimerRow>();
  readonly history: HistoryEntry[] = [];
  /** JSON texts of large values by digest. */
  readonly values = new Map<string, string>();
  /** Open waits for signals, by task instance and attempt. */
  readonly signalWaits = new Map<string, OpenedSignalWait>();
  /** Times `advance` asked for rows before it could go on. */
  loads = 0;
  private stored: string | null = null;

  constructor(
    readonly process: CompiledProcess,
    readonly constants: RunConstants,
    private readonly random: () => number = () => 0.5,
    readonly settings: EngineSettings = DEFAULT_SETTINGS,
    private readonly ids: Ids = new Ids(),
  ) {}

  /** The same rows to work on, as a transaction does: what happens to one is not seen in the other. */
  copy(): RunStore {
    const copy = new RunStore(this.process, this.constants, this.random, this.settings, this.ids);
    for (const [id, row] of this.tasks) copy.tasks.set(id, row);
    for (const [id, timer] of this.timers) copy.timers.set(id, timer);
    for (const [digest, text] of this.values) copy.values.set(digest, text);
    for (const [key, wait] of this.signalWaits) copy.signalWaits.set(key, wait);
    copy.attempts.push(...this.attempts);
    copy.history.push(...this.history);
    copy.stored = this.stored;
    return copy;
  }

  get run(): Run | null {
    return this.stored === null ? null : (JSON.parse(this.stored) as Run);
  }

  /** Applies an event at a time and writes what comes of it, every other time to a run that may be taken over; gives the transition for what must be carried out. */
  apply(event: RunEvent, now: number): Transition {
    const takesOver = this.history.length % 2 === 1;
    const run = takesOver ? this.run : frozen(this.run);
    const transition = this.advanced(run, event, now, takesOver);
    if (!transition.changed) return transition;
    this.stored = JSON.stringify(transition.run);
    this.write(transition.changes);
    this.history.push({ at: now, event, facts: transition.changes.facts });
    return transition;
  }

  private advanced(run: Run | null, event: RunEvent, now: number, takesOver: boolean): Transition {
    const loaded = { tasks: new Set<string>(), containers: new Set<string>(), values: new Set<string>() };
    for (let round = 0; round < 10; round++) {
      try {
        return advance(this.process, this.constants, run, event, { ...this.context(now, loaded), takesOver });
      } catch (error) {
        if (!(error instanceof RowsNeeded)) throw error;
        this.loads++;
        for (const id of error.taskInstanceIds) loaded.tasks.add(id);
        for (const id of error.containerIds) loaded.containers.add(id);
        for (const value of error.values) loaded.values.add(digestOf(value));
      }
    }
    throw new Error('advance asks for rows again and again');
  }

  /** Only what was asked for is there, so that a test fails when the engine reads more than it says. */
  private context(now: number, loaded: Loaded): AdvanceContext {
    return {
      now,
      settings: this.settings,
      newId: () => this.ids.uuid(),
      newToken: () => this.ids.token(),
      random: this.random,
      task: (id) => (loaded.tasks.has(id) ? this.storedTask(id) : undefined),
      children: (id) =>
        loaded.containers.has(id)
          ? [...this.tasks.values()].filter((row) => row.parentId === id).map((row) => this.storedTask(row.id) as StoredTask)
          : undefined,
      value: (reference) => (loaded.values.has(digestOf(reference)) ? this.storedValue(digestOf(reference)) : undefined),
    };
  }

  private storedTask(id: string): StoredTask | undefined {
    const row = this.tasks.get(id);
    return row && { ...row, result: row.result ?? null, error: row.error ?? null, logChunks: row.logChunks ?? null };
  }

  /** Stores a value as a worker does with a large one; what its result holds instead. */
  keep(value: Json): LargeValue {
    return keepIn(this.values, value);
  }

  private storedValue(digest: string): Json {
    const text = this.values.get(digest);
    return text === undefined ? null : (JSON.parse(text) as Json);
  }

  private write(changes: Changes): void {
    for (const { sha256: digest, text } of changes.parts) this.values.set(digest, text);
    for (const row of changes.created) this.tasks.set(row.id, row);
    for (const update of changes.updated) {
      const row = this.tasks.get(update.id);
      if (!row) throw new Error(`Update of the unknown task instance ${update.id}`);
      this.tasks.set(update.id, {
        ...row,
        ...update,
        timeoutMs: update.timeoutMs ?? row.timeoutMs,
        heartbeatTimeoutMs: update.heartbeatTimeoutMs ?? row.heartbeatTimeoutMs,
        input: update.input ?? row.input,
      });
    }
    this.attempts.push(...changes.attempts);
    for (const { taskInstanceId, attempt } of changes.signalWaits.closed) this.signalWaits.delete(`${taskInstanceId}.${attempt}`);
    for (const wait of changes.signalWaits.opened) this.signalWaits.set(`${wait.taskInstanceId}.${wait.attempt}`, wait);
    for (const timer of changes.timersSet) this.timers.set(timer.id, timer);
    for (const id of changes.timersCleared) this.timers.delete(id);
  }
}

/** Stores the JSON text of a value under its digest; what stands for it. */
export function keepIn(values: Map<string, string>, value: Json): LargeValue {
  const text = JSON.stringify(value);
  const data = new TextEncoder().encode(text);
  const digest = sha256(data);
  values.set(digest, text);
  return largeValue(digest, data.length);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** Constants for a run of a process in tests. */
export function constantsFor(process: CompiledProcess, params: JsonObject = {}, id = NO_ID): RunConstants {
  const header: RunHeader = {
    id,
    number: 1,
    namespace: process.namespace,
    process: process.name,
    version: 1,
    startedBy: 'tester',
    origin: 'manual',
    logicalTime: 0,
    url: 'http://127.0.0.1/instances/1',
  };
  return { header, params };
}
