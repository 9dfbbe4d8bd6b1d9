import { isTerminalProcess, isTerminalTask, type Json } from '@orderlines/contracts';
import type { TaskInstanceRow } from '../../changes.js';
import type { OperationAnswer } from '../../event.js';
import type { Ids, RunStore } from '../store.js';

/** What a run remembers of the one that asked for it. */
export interface Parent {
  readonly runId: string;
  readonly taskInstanceId: string;
  readonly waits: boolean;
}

/** A run as it is committed, and how far it has come. */
export interface StoredRun {
  readonly id: string;
  /** How people call it in a story. */
  readonly name: string;
  readonly parent: Parent | null;
  /** Runs above it. */
  readonly depth: number;
  store: RunStore;
  /** Newest release that has written it. */
  release: number;
  /** When it moved last. */
  movedAt: number;
}

/** A worker's session. */
export interface StoredSession {
  readonly worker: string;
  seenAt: number;
  endedAt: number | null;
}

/** A signal, and the wait it has met. */
export interface StoredSignal {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly payload: Json;
  /** Run and wait it is meant for. */
  meets: { readonly runId: string; readonly taskInstanceId: string; readonly attempt: number } | null;
  isTaken: boolean;
}

/** Everything that is committed. */
export class Database {
  readonly runs = new Map<string, StoredRun>();
  /** Transactions that hold a run's row, or the place of one that is to be inserted. */
  readonly locks = new Map<string, object>();
  readonly sessions = new Map<string, StoredSession>();
  /** Answers to operations, by the key of who asked. */
  readonly answers = new Map<string, OperationAnswer | { readonly started: string }>();
  readonly signals = new Map<string, StoredSignal>();
  /** JSON texts of large values that workers have sent ahead of their results, by digest. */
  readonly uploads = new Map<string, string>();

  constructor(readonly ids: Ids) {}

  /** Runs in which something can still happen, callbacks included. */
  get openRuns(): StoredRun[] {
    return [...this.runs.values()].filter((run) => !isQuiet(run));
  }

  /** Brings free signals and open waits of one name and key together. */
  meet(): void {
    const met = new Set([...this.signals.values()].flatMap(({ meets }) => (meets ? [`${meets.taskInstanceId}.${meets.attempt}`] : [])));
    for (const signal of this.signals.values()) {
      if (signal.meets || signal.isTaken) continue;
      for (const { id: runId, store } of this.runs.values()) {
        const wait = [...store.signalWaits].find(([id, { name, key }]) => name === signal.name && key === signal.key && !met.has(id));
        if (!wait) continue;
        const [id, { taskInstanceId, attempt }] = wait;
        signal.meets = { runId, taskInstanceId, attempt };
        met.add(id);
        break;
      }
    }
  }

  row({ runId, taskInstanceId }: { readonly runId: string; readonly taskInstanceId: string }): TaskInstanceRow | undefined {
    return this.runs.get(runId)?.store.tasks.get(taskInstanceId);
  }
}

/** Ids of the runs above one, the nearest first. */
export function ancestorsOf({ runs }: Database, { parent }: Pick<StoredRun, 'parent'>): readonly string[] {
  const ids: string[] = [];
  for (let above = parent; above; above = runs.get(above.runId)?.parent ?? null) ids.push(above.runId);
  return ids;
}

/** Nothing will happen in the run any more, unless somebody opens it again. */
export function isQuiet({ store }: StoredRun): boolean {
  const { run } = store;
  return run !== null && isTerminalProcess(run.status) && openRows(store).length === 0;
}

/** Task instances that have not ended. */
export const openRows = ({ tasks }: RunStore): TaskInstanceRow[] =>
  [...tasks.values()].filter((row) => !isTerminalTask(row.status) || row.waitsFor !== null);
