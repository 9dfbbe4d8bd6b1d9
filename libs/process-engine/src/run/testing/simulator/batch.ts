import { digestOf, referencesIn, type Failure } from '@orderlines/contracts';
import type { TaskInstanceRow } from '../../changes.js';
import { childStep } from '../../child-step.js';
import { documentOf, own } from '../../document.js';
import type { FinishedEvent, RunEvent } from '../../event.js';
import { judgeSlot } from '../../slots.js';
import type { Run } from '../../state.js';
import type { Transition } from '../../transition.js';
import { constantsFor, DEFAULT_SETTINGS, RunStore } from '../store.js';
import type { StoredRun, StoredSignal } from './database.js';
import type { Item, LinkItem, Outcome, StartItem } from './items.js';
import { byId, type RunWithSlot, slotRun, slotRuns } from './slots.js';
import type { World } from './world.js';

/** Runs below the first one; the simulator keeps families small. */
const MAX_DEPTH = 2;
/** Runs there are at most. */
export const MAX_RUNS = 10;
const TOO_MANY: Failure = { reason: 'policy', code: 'process.too-deep', message: 'The simulator starts no more runs.' };

/** A transition of this batch, with the run as it was. */
export interface Applied {
  readonly stored: StoredRun;
  readonly before: Run | null;
  readonly event: RunEvent;
  readonly transition: Transition;
}

/** One transaction: works on copies of its runs and makes them true at its commit. */
export class Batch {
  readonly applied: Applied[] = [];
  /** Set when the database has given up on the transaction: its connection stood still for too long. */
  isBroken = false;
  private isSettled = false;
  private readonly runs = new Map<string, StoredRun>();
  private readonly copies = new Map<string, RunStore>();
  private readonly bases = new Map<string, RunStore>();
  private readonly outcomes = new Map<Item, Outcome>();
  private readonly answers = new Map<string, Extract<Outcome, { kind: 'done' }>>();
  private readonly sent: StoredSignal[] = [];
  private now = 0;

  constructor(
    readonly items: readonly Item[],
    private readonly world: World,
    private readonly release: number,
  ) {}

  /** Ids of the runs whose rows it locks, in the order in which everybody locks them. */
  get lockedIds(): readonly string[] {
    return [...new Set(this.items.flatMap(idsOf))].sort();
  }

  /** What it locks before it reads: runs, then the keys under which runs of it take turns. */
  private locks(): readonly string[] {
    const { database, safeguards } = this.world;
    const keys = this.items.flatMap((item) => (item.kind === 'slot' ? (database.runs.get(item.runId)?.store.run?.slot?.key ?? []) : []));
    const keyLocks = safeguards.has('key lock') ? keys.map((key) => `~${key}`) : [];
    return [...(safeguards.has('row lock') ? this.lockedIds : []), ...new Set(keyLocks)];
  }

  /** Takes the locks of all its runs; false when another transaction holds one of them. */
  lock(): boolean {
    const { database } = this.world;
    const ids = this.locks();
    if (ids.some((id) => database.locks.has(id))) return false;
    for (const id of ids) database.locks.set(id, this);
    return true;
  }

  /** Releases its locks; without a commit nothing has happened. */
  end(): void {
    const { locks } = this.world.database;
    for (const [id, holder] of locks) if (holder === this) locks.delete(id);
  }

  /** Loads the runs and applies what has come for them. */
  advance(): void {
    this.now = this.world.now;
    for (const id of this.lockedIds) {
      const run = this.world.database.runs.get(id);
      if (run) this.load(run);
    }
    for (const item of this.items) this.outcomes.set(item, this.outcomeOf(item));
  }

  /** Makes everything true that it has done. */
  commit(): void {
    const { database, checks } = this.world;
    for (const [id, copy] of this.copies) {
      const run = this.runs.get(id) as StoredRun;
      const mine = this.applied.filter(({ stored }) => stored === run);
      if (mine.length === 0) continue;
      checks.committing(run, this.bases.get(id) as RunStore, copy);
      run.store = copy;
      run.movedAt = this.now;
      run.release = Math.max(run.release, this.release);
      database.runs.set(id, run);
      for (const each of mine) checks.committed(each);
    }
    for (const [key, { answer }] of this.answers) if (answer !== null && 'accepted' in answer) database.answers.set(key, answer);
    for (const item of this.items) {
      if (item.kind === 'start' && this.runs.has(item.runId)) database.answers.set(item.key, { started: item.runId });
    }
    for (const signal of this.sent) if (!database.signals.has(signal.id)) database.signals.set(signal.id, signal);
    this.closeWaits();
    database.meet();
  }

  /** A row as it is after this batch. */
  row(runId: string, taskInstanceId: string): TaskInstanceRow | undefined {
    return this.copies.get(runId)?.tasks.get(taskInstanceId);
  }

  /** Tells who waits what became of the items; the first word counts. */
  settle(commits: boolean): void {
    if (this.isSettled) return;
    this.isSettled = true;
    for (const item of this.items) item.settle(commits ? (this.outcomes.get(item) ?? { kind: 'unavailable' }) : { kind: 'unavailable' });
  }

  private load(run: StoredRun): RunStore {
    const copy = run.store.copy();
    this.runs.set(run.id, run);
    this.bases.set(run.id, run.store);
    this.copies.set(run.id, copy);
    return copy;
  }

  private outcomeOf(item: Item): Outcome {
    switch (item.kind) {
      case 'start':
        return this.start(item);
      case 'signal': {
        const { id, name, key, payload } = item;
        this.sent.push({ id, name, key, payload, meets: null, isTaken: false });
        return { kind: 'done', answer: null };
      }
      case 'link':
        return this.look(item);
      case 'slot':
        return this.judge(item.runId);
      case 'event': {
        const { key } = item;
        const known = key === undefined ? undefined : (this.world.database.answers.get(key) ?? this.answers.get(key)?.answer);
        if (known && 'accepted' in known) return { kind: 'done', answer: known };
        const outcome = this.apply(item.runId, item.event);
        if (key !== undefined && outcome.kind === 'done') this.answers.set(key, outcome);
        return outcome;
      }
    }
  }

  private start({ runId, process, name, key, debug, rerun }: StartItem): Outcome {
    const started = this.world.database.answers.get(key);
    if (!started && !this.runs.has(runId))
      this.begin({ id: runId, name, parent: null, depth: 0 }, process, { ...(debug && { debug }), ...(rerun && { rerun }) });
    return { kind: 'done', answer: null };
  }

  private begin(
    identity: Pick<StoredRun, 'id' | 'name' | 'parent' | 'depth'>,
    process: StartItem['process'],
    more: Pick<StartItem, 'debug' | 'rerun'> = {},
  ): void {
    if (this.runs.has(identity.id)) return;
    const { chance, database } = this.world;
    const constants = constantsFor(process, {}, identity.id);
    const store = new RunStore(process, constants, () => chance.next(), DEFAULT_SETTINGS, database.ids);
    // What is large of an earlier run is copied beside the rows that name it.
    for (const [digest, text] of database.uploads) if (more.rerun) store.values.set(digest, text);
    this.load({ ...identity, store, release: this.release, movedAt: this.now });
    this.apply(identity.id, { kind: 'start', run: constants.header, params: {}, ...more });
  }

  private look({ runId, parentId, taskInstanceId }: LinkItem): Outcome {
    const parent = this.copies.get(parentId);
    const row = this.runs.get(parentId);
    if (!parent?.run || !row) return { kind: 'missing' };
    const link = { parentId, taskInstanceId, instanceId: runId };
    const child = this.copies.get(runId);
    const refusal = row.depth >= MAX_DEPTH || this.world.database.runs.size >= MAX_RUNS ? TOO_MANY : undefined;
    const childParent = this.runs.get(runId)?.parent ?? null;
    const step = childStep(link, parent.run, child?.run ? { run: child.run, parent: childParent } : undefined, refusal);
    if (step === null) return { kind: 'done', answer: null };
    if (step !== 'start') return this.apply(step.to === 'parent' ? parentId : runId, step.event);
    const nodeId = parent.tasks.get(taskInstanceId)?.nodeId ?? '';
    const node = parent.process.nodes.get(nodeId);
    const waits = node?.type === 'process' && node.wait;
    this.begin(
      { id: runId, name: `${row.name}/${nodeId}`, parent: { runId: parentId, taskInstanceId, waits }, depth: row.depth + 1 },
      this.world.childProcess,
    );
    return { kind: 'done', answer: null };
  }

  /** By all runs with its key, those of this batch as they are by now. */
  private judge(runId: string): Outcome {
    const { database } = this.world;
    const known = new Map(slotRuns(database).map((run) => [run.id, run]));
    for (const [id, copy] of this.copies) {
      const run = slotRun(database, this.runs.get(id) as StoredRun, copy.run);
      if (run) known.set(id, run);
      else known.delete(id);
    }
    const run = known.get(runId);
    const verdict = run ? judgeSlot(sharers(known, run), runId) : null;
    return verdict ? this.apply(runId, { kind: 'slot', verdict }) : { kind: 'done', answer: null };
  }

  private apply(runId: string, event: RunEvent): Outcome {
    const store = this.copies.get(runId);
    const stored = this.runs.get(runId);
    if (!store || !stored) return { kind: 'missing' };
    if (event.kind === 'finished') this.takeUploads(store, event);
    const before = store.run;
    const transition = store.apply(this.world.safeguards.has('fencing') ? event : unfenced(event, before), this.now);
    if (transition.changed) this.applied.push({ stored, before, event, transition });
    return { kind: 'done', answer: transition.changes.answer ?? null };
  }

  /** What a result refers to is stored with the run before the result counts. */
  private takeUploads(store: RunStore, { outcome }: FinishedEvent): void {
    const { uploads } = this.world.database;
    for (const reference of referencesIn(outcome.status === 'SUCCESS' ? outcome.result : null)) {
      const digest = '$ref' in reference ? digestOf(reference) : '';
      const text = uploads.get(digest);
      if (text !== undefined) store.values.set(digest, text);
    }
  }

  /** A signal that was meant for a wait which is over is used, or free again. */
  private closeWaits(): void {
    const { signals } = this.world.database;
    for (const { transition } of this.applied) {
      for (const { taskInstanceId, attempt, signalId } of transition.changes.signalWaits.closed) {
        for (const signal of signals.values()) {
          const isMeant = signal.meets?.taskInstanceId === taskInstanceId && signal.meets.attempt === attempt;
          if (signal.id === signalId) signal.isTaken = true;
          else if (isMeant) signal.meets = null;
        }
      }
    }
  }
}

const sharers = (all: ReadonlyMap<string, RunWithSlot>, { key }: RunWithSlot): readonly RunWithSlot[] =>
  [...all.values()].filter((other) => other.key === key).sort(byId);

function idsOf(item: Item): readonly string[] {
  if (item.kind === 'signal') return [];
  return item.kind === 'link' ? [item.parentId, item.runId] : [item.runId];
}

/** As an engine would see the event that does not compare attempt, dispatch and token with those of the run. */
function unfenced(event: RunEvent, run: Run | null): RunEvent {
  if (!run || (event.kind !== 'finished' && event.kind !== 'lost' && event.kind !== 'claim')) return event;
  const execution = own(documentOf(run).executions, event.taskInstanceId);
  if (!execution) return event;
  const { attempt, dispatch, token = '' } = execution;
  return event.kind === 'claim' ? { ...event, attempt, dispatch } : { ...event, attempt, dispatch, token };
}
