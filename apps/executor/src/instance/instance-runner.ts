import { randomUUID } from 'node:crypto';
import { isTerminalProcess, type LargeValue } from '@orderlines/contracts';
import type { Advance, EngineSettings } from '@orderlines/process-engine';
import { v7 as uuidV7 } from 'uuid';
import type { Settings } from '../settings.js';
import { writeAudit } from '../store/audit.sql.js';
import type { BatchSession } from '../store/batch-session.js';
import { writeHistory, type HistoryEntry } from '../store/history.sql.js';
import {
  loadInstances,
  lockInstances,
  writeInstances,
  type InstanceWrite,
  type LockedInstance,
  type StoredInstance,
} from '../store/instances.sql.js';
import { copyValues, loadValues, writeParts } from '../store/large-values.sql.js';
import { writeLateResults } from '../store/late-results.sql.js';
import { findOperations, takeNumbers, writeOperations, type StoredOperation } from '../store/operations.sql.js';
import { deleteParkedEvents, writeParkedEvents } from '../store/parked-events.sql.js';
import { writeSignals, type MetSignal } from '../store/signals.sql.js';
import { lockSlots } from '../store/slots.sql.js';
import { StoreError } from '../store/store-error.js';
import { loadChildren, loadTasks, writeTasks, type OfRun } from '../store/tasks.sql.js';
import { writeTimers } from '../store/timers.sql.js';
import type { BatchItem, Outcome, ProcessVersion, SlotItem, StartItem } from './batch-item.js';
import { Batch, type NeededRows } from './batch.js';
import type { ProcessVersions } from './process-versions.js';
import { judgeAll, keysOf } from './slot-judgement.js';
import { RunCache } from './run-cache.js';
import { RunQuotaReached, type RunQuotas } from './run-quotas.js';
import { RunInBatch } from './run-in-batch.js';

/** All of a batch together. */
const BATCH_LIMIT_MS = 5_000;
/** Times a batch may ask for more rows: an expression that reads a result that reads a result … */
const MAX_LOADS = 50;

/** Bytes of large values read for expressions in one go. */
const MAX_OPENED_AT_ONCE = 8 * 1024 * 1024;

/** A run as it was committed. */
export interface CommittedRun {
  readonly run: RunInBatch;
  readonly history: readonly HistoryEntry[];
}

/** A locked run as it is now. */
interface LoadedRun extends StoredInstance {
  readonly version: ProcessVersion;
}

/** What a commit leaves to be carried out. */
export interface CommittedBatch {
  /** Postgres's time of the batch, epoch milliseconds. */
  readonly now: number;
  readonly settings: EngineSettings;
  readonly runs: readonly CommittedRun[];
  /** Signals that have met their waits. */
  readonly met: readonly MetSignal[];
  readonly settlements: readonly (readonly [BatchItem, Outcome])[];
}

/** Carries a batch through one transaction: lock, load, advance in memory, write set-wise, commit. */
export class InstanceRunner {
  private readonly cache = new RunCache();

  constructor(
    private readonly session: BatchSession,
    private readonly versions: ProcessVersions,
    private readonly settings: Settings,
    private readonly advance: Advance,
    private readonly publicUrl: string,
    private readonly quotas: Pick<RunQuotas, 'refused'>,
  ) {}

  /** Commits the items, or throws with nothing written. */
  async run(items: readonly BatchItem[]): Promise<CommittedBatch> {
    const settings = this.settings.current();
    await this.session.connect();
    try {
      return await this.transaction(items, settings);
    } catch (error) {
      await this.session.rollback();
      throw error;
    }
  }

  private async transaction(items: readonly BatchItem[], settings: EngineSettings): Promise<CommittedBatch> {
    const end = performance.now() + BATCH_LIMIT_MS;
    const { now, locked, loaded, stored } = await this.open(items);
    const batch = new Batch(items, {
      advance: this.advance,
      now,
      settings,
      publicUrl: this.publicUrl,
      newId: uuidV7,
      newToken: randomUUID,
      random: Math.random,
    });
    for (const lock of locked) if (lock.parked) batch.held.add(lock.id);
    for (const run of loaded) {
      batch.runs.set(run.identity.id, new RunInBatch(run.identity, run.version, run.seq, run.run, batch.surroundings));
    }
    await this.take(batch, stored);
    for (let loads = 0, needed = batch.advance(); needed !== null; loads++, needed = batch.advance()) {
      if (loads === MAX_LOADS) throw new StoreError('data', `A batch asked for rows ${MAX_LOADS} times`);
      await this.load(batch, needed);
    }
    if (performance.now() > end) throw new StoreError('repeat', `A batch took longer than ${BATCH_LIMIT_MS} ms`);
    return this.write(batch);
  }

  /** Locks the runs and reads those this executor does not know as they are. */
  private async open(items: readonly BatchItem[]) {
    const ids = [...new Set(items.flatMap(lockedBy))];
    const keys = [...new Set(items.flatMap((item) => ('key' in item && item.key !== undefined ? [item.key.key] : [])))];
    const unknown = ids.filter((id) => this.cache.get(id) === undefined);
    const [now, locked, read, operations] = await Promise.all([
      this.session.begin(),
      lockInstances(this.session, ids),
      unknown.length > 0 ? loadInstances(this.session, unknown) : [],
      findOperations(this.session, keys),
    ]);
    const stale = locked.filter(({ id, seq }) => (this.cache.get(id)?.seq ?? seq) !== seq).map(({ id }) => id);
    const reread = stale.length > 0 ? await loadInstances(this.session, stale) : [];
    return {
      now,
      locked,
      loaded: await this.withVersions(locked, new Map([...read, ...reread].map((instance) => [instance.identity.id, instance]))),
      stored: new Map(operations.map((operation) => [operation.key, operation])),
    };
  }

  private async withVersions(locked: readonly LockedInstance[], read: ReadonlyMap<string, StoredInstance>): Promise<LoadedRun[]> {
    const loads = locked.map(async ({ id }) => {
      const fresh = read.get(id);
      if (fresh === undefined) return this.cache.get(id) ?? [];
      const version = this.versions.known(fresh.identity.processVersionId) ?? (await this.versions.get(fresh.identity.processVersionId));
      return { ...fresh, version };
    });
    return (await Promise.all(loads)).flat();
  }

  /** Puts events into their runs' lines and makes new runs, with numbers taken in the order of the processes' ids. */
  private async take(batch: Batch, stored: ReadonlyMap<string, StoredOperation>): Promise<void> {
    const starts: StartItem[] = [];
    const slots: SlotItem[] = [];
    for (const item of batch.items) {
      if (item.kind === 'park') {
        batch.parked.push(item.parked);
        batch.conclude(item, { kind: 'done', answer: null });
      } else if (item.kind === 'link') batch.look(item, starts);
      else if (item.kind === 'slot') slots.push(item);
      else if (batch.answeredByKey(item, stored)) continue;
      else if (item.kind === 'event') batch.enqueue(item);
      else if (item.kind === 'signal') batch.signals.push(item);
      else starts.push(item);
    }
    if (starts.length > 0) await this.start(batch, starts);
    await copyValues(this.session, batch.copies);
    if (slots.length > 0)
      batch.judge(
        judgeAll(slots, await lockSlots(this.session, keysOf(batch, slots), [...new Set(slots.map(({ instanceId }) => instanceId))])),
      );
  }

  private async start(batch: Batch, starts: readonly StartItem[]): Promise<void> {
    const unknown = starts.filter((item) => {
      const made = batch.runs.get(item.instanceId);
      if (made === undefined) return true;
      // The commit's answer was lost, the commit was not.
      const answer = { instanceId: made.identity.id, number: made.identity.number, status: made.run?.status ?? 'PENDING', repeated: false };
      batch.conclude(item, { kind: 'done', answer });
      return false;
    });
    const refused = await this.quotas.refused(this.session, unknown);
    for (const item of refused) batch.conclude(item, { kind: 'refused', refusal: new RunQuotaReached(item.request.version.namespace) });
    const fresh = unknown.filter((item) => !refused.has(item));
    const amounts = new Map<string, number>();
    for (const { request } of fresh) amounts.set(request.version.processId, (amounts.get(request.version.processId) ?? 0) + 1);
    const numbers = await takeNumbers(this.session, amounts);
    for (const item of fresh) {
      const { version, params, startedBy, origin, logicalTime, parent } = item.request;
      const number = numbers.get(version.processId) ?? 0;
      numbers.set(version.processId, number + 1);
      const identity = {
        id: item.instanceId,
        namespace: version.namespace,
        processId: version.processId,
        processVersionId: version.id,
        processName: version.name,
        processVersion: version.number,
        number,
        startedBy,
        origin,
        logicalTime: logicalTime ?? batch.surroundings.now,
        params,
        parent,
      };
      batch.start(item, new RunInBatch(identity, version, 0, null, batch.surroundings));
    }
  }

  private async load(batch: Batch, needed: NeededRows): Promise<void> {
    const [tasks, children, values] = await Promise.all([
      loadTasks(this.session, needed.tasks),
      loadChildren(this.session, needed.containers),
      loadValues(this.session, withinLimit(needed.values)),
    ]);
    for (const { instanceId, row } of values) batch.runs.get(instanceId)?.loadValue(row.value, row.text);
    const rows = Map.groupBy([...tasks, ...children], ({ instanceId }) => instanceId);
    const containers = Map.groupBy(needed.containers, ({ instanceId }) => instanceId);
    for (const instanceId of new Set([...needed.tasks, ...needed.containers].map((row) => row.instanceId))) {
      batch.runs.get(instanceId)?.load(
        (rows.get(instanceId) ?? []).map(({ row }) => row),
        (containers.get(instanceId) ?? []).map(({ id }) => id),
      );
    }
  }

  private async write(batch: Batch): Promise<CommittedBatch> {
    const runs = batch.changedRuns().map((run): CommittedRun => ({ run, history: batch.historyOf(run) }));
    // Keys of signals are locked behind the runs and their numbers, idempotency keys behind those: everybody in this order.
    const met = await writeSignals(this.session, batch.signalWork());
    batch.answerSignals(met);
    await writeOperations(this.session, batch.operations);
    const rowsOf = <Row>(pick: (run: RunInBatch) => Iterable<Row>) =>
      runs.flatMap(({ run }) => Array.from(pick(run), (row) => ({ instanceId: run.identity.id, row })));
    const written = runs.map((committed) => asWritten(committed));
    await Promise.all([
      writeInstances(this.session, written),
      writeTasks(
        this.session,
        rowsOf((run) => run.created.values()),
        rowsOf((run) => run.updated.values()),
        rowsOf((run) => run.attempts),
      ),
      writeParts(
        this.session,
        rowsOf((run) => run.parts.values()),
      ),
      writeLateResults(
        this.session,
        [...batch.runs.values()].flatMap(({ identity, unheard }) => unheard.map((row) => ({ instanceId: identity.id, row }))),
        batch.surroundings.now,
      ),
      writeTimers(
        this.session,
        rowsOf((run) => run.timersSet.values()),
        rowsOf((run) => run.timersCleared),
      ),
      writeHistory(
        this.session,
        runs.flatMap(({ history }) => history),
      ),
      writeParkedEvents(this.session, batch.parked),
      deleteParkedEvents(this.session, batch.released),
      writeAudit(this.session, batch.audited, batch.surroundings.now),
      this.session.commit(),
    ]);
    runs.forEach(({ run }, position) => this.remember(run, written[position]));
    const { now, settings } = batch.surroundings;
    return { now, settings, runs, met, settlements: batch.settlements() };
  }

  private remember({ version }: RunInBatch, written: InstanceWrite | undefined): void {
    if (written === undefined) return;
    if (isTerminalProcess(written.run.status)) return this.cache.delete(written.identity.id);
    const { identity, seq, run, stateText } = written;
    const known = this.cache.get(identity.id);
    const documents =
      known?.run.variables === run.variables
        ? known.documents
        : JSON.stringify(run.variables).length + JSON.stringify(identity.params).length;
    this.cache.set({ identity, version, seq, run, documents, weight: documents + stateText.length });
  }
}

/** Runs that an item has to do with. */
const lockedBy = (item: BatchItem): string[] => {
  if (item.kind === 'park') return [];
  return item.kind === 'link' ? [item.parentId, item.instanceId] : [item.instanceId];
};

/** The first values that fit: who is left out asks again, when the others have been applied and forgotten. */
const withinLimit = (needed: readonly OfRun<LargeValue>[]): OfRun<LargeValue>[] => {
  let bytes = 0;
  return needed.filter(({ row }, position) => {
    bytes += row.bytes;
    return position === 0 || bytes <= MAX_OPENED_AT_ONCE;
  });
};

const asWritten = ({ run, history }: CommittedRun): InstanceWrite => {
  if (run.run === null) throw new Error(`Run ${run.identity.id} was changed and has no state`);
  return {
    identity: run.identity,
    seq: run.seq + history.length,
    run: run.run,
    before: run.before,
    stateText: JSON.stringify(run.run.state),
  };
};
