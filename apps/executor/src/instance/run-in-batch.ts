import { cleanJson, digestOf, type Json, type LargeValue, type ValuePart } from '@orderlines/contracts';
import type {
  Advance,
  AdvanceContext,
  AttemptRow,
  Cancel,
  ClosedSignalWait,
  ChildLink,
  EngineSettings,
  Fact,
  FinishedEvent,
  OpenedSignalWait,
  Run,
  RunEvent,
  RunHeader,
  StoredTask,
  TaskInstanceRow,
  TaskInstanceUpdate,
  TimerRow,
  Transition,
} from '@orderlines/process-engine';
import type { InstanceIdentity } from '../store/instances.sql.js';
import type { ProcessVersion, StartRequest } from './batch-item.js';

/** What a run needs of its batch. */
export interface BatchSurroundings {
  readonly advance: Advance;
  /** Postgres's `now()` of the batch, epoch milliseconds. */
  readonly now: number;
  readonly settings: EngineSettings;
  readonly publicUrl: string;
  newId(): string;
  newToken(): string;
  random(): number;
}

/** One run while a batch works on it: applies its events one after the other and gathers what has to be written. */
export class RunInBatch implements AdvanceContext {
  readonly created = new Map<string, TaskInstanceRow>();
  readonly updated = new Map<string, TaskInstanceUpdate>();
  readonly attempts: AttemptRow[] = [];
  readonly timersSet = new Map<string, TimerRow>();
  readonly timersCleared = new Set<string>();
  readonly dispatched = new Set<string>();
  readonly cancels: Cancel[] = [];
  readonly facts: Fact[] = [];
  /** Waits for signals that begin in this batch, by execution and attempt, and those that end. */
  readonly waitsOpened = new Map<string, OpenedSignalWait>();
  readonly waitsClosed: ClosedSignalWait[] = [];
  /** Large parts of what the run made, by digest, to be stored. */
  readonly parts = new Map<string, ValuePart>();
  /** Words of workers that changed nothing: late, or said before. */
  readonly unheard: FinishedEvent[] = [];
  /** Runs of `process` nodes for which something changed here, by their ids. */
  readonly childLinks = new Map<string, ChildLink>();
  changed = false;
  run: Run | null;

  /** Rows read for expressions, as they were before the batch. */
  private readonly rows = new Map<string, StoredTask>();
  private readonly inside = new Map<string, string[]>();
  /** Large values that expressions look into, null where the run has none; forgotten when the run's events are applied. */
  private readonly opened = new Map<string, Json | null>();
  private readonly header: RunHeader;

  constructor(
    readonly identity: InstanceIdentity,
    readonly version: ProcessVersion,
    /** Version of the row before the batch; 0 for a new run. */
    readonly seq: number,
    readonly before: Run | null,
    private readonly surroundings: BatchSurroundings,
  ) {
    this.run = before;
    this.header = {
      id: identity.id,
      number: identity.number,
      namespace: identity.namespace,
      process: identity.processName,
      version: identity.processVersion,
      startedBy: identity.startedBy,
      origin: identity.origin,
      logicalTime: identity.logicalTime,
      url: `${surroundings.publicUrl}/instances/${identity.id}`,
    };
  }

  get now(): number {
    return this.surroundings.now;
  }
  /** The run as it was before the batch is still compared with; those in between are nobody's. */
  get takesOver(): boolean {
    return this.run !== this.before;
  }
  get settings(): EngineSettings {
    return this.surroundings.settings;
  }
  newId(): string {
    return this.surroundings.newId();
  }
  newToken(): string {
    return this.surroundings.newToken();
  }
  random(): number {
    return this.surroundings.random();
  }

  /** Applies one event; throws `RowsNeeded` with nothing changed. */
  apply(event: RunEvent): Transition {
    const { advance } = this.surroundings;
    const transition = advance(this.version.process, { header: this.header, params: this.identity.params }, this.run, event, this);
    if (transition.changed) {
      this.keep(transition);
      // What the child said itself is no news to it.
      if (event.kind === 'child') this.childLinks.delete(event.instanceId);
    } else if (event.kind === 'finished') this.unheard.push(event);
    return transition;
  }

  /** The event that makes the run. */
  startEvent({ config, debug, rerun }: Pick<StartRequest, 'config' | 'debug' | 'rerun'>): RunEvent {
    const more = { ...(config && { config }), ...(debug && { debug }), ...(rerun && { rerun }) };
    return { kind: 'start', run: this.header, params: this.identity.params, ...more };
  }

  /** Gives what an expression asked for. */
  load(tasks: readonly StoredTask[], containers: readonly string[]): void {
    for (const task of tasks) this.rows.set(task.id, task);
    for (const container of containers) {
      this.inside.set(
        container,
        tasks.filter((task) => task.parentId === container).map((task) => task.id),
      );
    }
  }

  /** Gives a large value that an expression asked for. */
  loadValue(reference: LargeValue, text: string | null): void {
    this.opened.set(digestOf(reference), text === null ? null : readable(text));
  }

  forgetValues(): void {
    this.opened.clear();
  }

  value(reference: LargeValue): Json | null | undefined {
    const made = this.parts.get(digestOf(reference));
    return made === undefined ? this.opened.get(digestOf(reference)) : (JSON.parse(made.text) as Json);
  }

  task(id: string): StoredTask | undefined {
    const base = this.created.get(id) ?? this.rows.get(id);
    return base === undefined ? undefined : asStored(base, this.updated.get(id));
  }

  children(containerId: string): readonly StoredTask[] | undefined {
    const known = this.created.has(containerId) ? [] : this.inside.get(containerId);
    if (known === undefined) return undefined;
    const added = [...this.created.values()].filter((row) => row.parentId === containerId).map((row) => row.id);
    return [...known, ...added].flatMap((id) => this.task(id) ?? []);
  }

  /** Executions that this batch leaves waiting for a worker, to be published. */
  pending(): { readonly id: string; readonly row: TaskInstanceRow | null; readonly update: TaskInstanceUpdate }[] {
    return [...this.dispatched].flatMap((id) => {
      const row = this.created.get(id) ?? null;
      const update = this.updated.get(id) ?? row;
      return update?.status === 'PENDING' ? [{ id, row, update }] : [];
    });
  }

  /** Executions that were published before and are no longer waiting for a worker. */
  settledTasks(): string[] {
    return [...this.updated.values()].filter((task) => task.status !== 'PENDING').map((task) => task.id);
  }

  private keep({ run, changes }: Transition): void {
    this.run = run;
    this.changed = true;
    for (const row of changes.created) this.created.set(row.id, row);
    for (const update of changes.updated) this.update(update);
    this.attempts.push(...changes.attempts);
    for (const timer of changes.timersSet) {
      this.timersSet.set(timer.id, timer);
      this.timersCleared.delete(timer.id);
    }
    for (const id of changes.timersCleared) {
      if (!this.timersSet.delete(id)) this.timersCleared.add(id);
    }
    for (const wait of changes.signalWaits.closed) {
      if (!this.waitsOpened.delete(waitKey(wait))) this.waitsClosed.push(wait);
    }
    for (const wait of changes.signalWaits.opened) this.waitsOpened.set(waitKey(wait), wait);
    for (const id of changes.dispatch) this.dispatched.add(id);
    for (const link of changes.children) this.childLinks.set(link.instanceId, link);
    this.cancels.push(...changes.cancel);
    this.facts.push(...changes.facts);
    for (const part of changes.parts) this.parts.set(part.sha256, part);
  }

  /** A later update replaces an earlier one, but what it leaves out stays as the earlier one said. */
  private update(update: TaskInstanceUpdate): void {
    const row = this.created.get(update.id);
    if (row !== undefined) {
      this.created.set(update.id, { ...row, ...given(update) });
      return;
    }
    const earlier = this.updated.get(update.id);
    this.updated.set(update.id, earlier === undefined ? update : { ...earlier, ...given(update) });
  }
}

/** What a worker sent has passed no other door: it may hold what Postgres cannot store where an expression puts it. */
const readable = (text: string): Json | null => {
  try {
    return cleanJson(JSON.parse(text) as Json);
  } catch {
    return null;
  }
};

const waitKey = ({ taskInstanceId, attempt }: ClosedSignalWait | OpenedSignalWait): string => `${taskInstanceId}.${attempt}`;

const given = (update: TaskInstanceUpdate): TaskInstanceUpdate =>
  Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined)) as unknown as TaskInstanceUpdate;

const asStored = (base: TaskInstanceRow | StoredTask, update: TaskInstanceUpdate | undefined): StoredTask => {
  const latest = update ?? base;
  return {
    id: base.id,
    nodeId: base.nodeId,
    parentId: base.parentId,
    scope: base.scope,
    visit: base.visit,
    index: base.index,
    status: latest.status,
    failed: latest.failed,
    attempt: latest.attempt,
    dispatch: latest.dispatch,
    worker: latest.worker,
    logChunks: update?.logChunks ?? base.logChunks ?? null,
    startedAt: latest.startedAt,
    finishedAt: latest.finishedAt,
    result: (update?.result === undefined ? base.result : update.result) ?? null,
    input: (update?.input === undefined ? base.input : update.input) ?? null,
    error: (update?.error === undefined ? base.error : update.error) ?? null,
  };
};
