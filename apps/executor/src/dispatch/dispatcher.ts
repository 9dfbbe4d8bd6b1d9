import type { Publisher } from '@orderlines/messaging';
import type { TaskInstanceRow } from '@orderlines/process-engine';
import { describeError, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { CommittedRun } from '../instance/instance-runner.js';
import type { ProcessVersions } from '../instance/process-versions.js';
import type { RunInBatch } from '../instance/run-in-batch.js';
import type { Settings } from '../settings.js';
import { readPendingTasks, type StoredPendingTask, type WaitingTask } from './pending-tasks.sql.js';
import { ReleaseWindow, type WaitingEntry } from './release-window.js';
import type { StreamDepths } from './stream-depths.js';
import { outgoingTask, type OutgoingTask, type PendingTask } from './task-message.js';

/** Arguments larger than this (characters of JSON) are not kept while they wait: they are read again when their turn comes. */
const KEPT_INPUT = 4_096;

/** While tasks wait for room, the server is asked so often how many are unclaimed: other executors grant claims too. */
const CORRECTED_EVERY_MS = 100;

/** Publishes tasks: as many as fit a queue's window, in fair order; claims and endings make room. */
export class Dispatcher {
  readonly windows = new Map<string, ReleaseWindow>();
  private readonly corrections = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly publisher: Publisher,
    private readonly depths: StreamDepths,
    private readonly pool: Pool,
    private readonly versions: ProcessVersions,
    private readonly settings: Settings,
    private readonly publicUrl: string,
    private readonly logger: Logger,
  ) {}

  /** Takes what a commit dispatched and settled; resolves when NATS has what was released. */
  async committed(runs: readonly CommittedRun[], graceMs: number): Promise<void> {
    const touched = new Set<string>();
    const again: RunInBatch[] = [];
    for (const { run } of runs) {
      for (const id of run.settledTasks()) this.remove(id, touched);
      const pending = run.pending();
      for (const { row } of pending) {
        const task = row === null ? null : pendingTask(run, row, this.publicUrl);
        if (task === null) continue;
        this.add(task, run.identity.namespace, outgoingTask(task, run.version.process, graceMs));
        touched.add(task.queue);
      }
      if (pending.some(({ row }) => row === null)) again.push(run);
    }
    if (again.length > 0) await this.dispatchAgain(again, graceMs, touched);
    await this.release(touched);
  }

  /** Takes at most `room` of the tasks that the sweeper found in their rows; those known here are left out. */
  async found(queue: string, tasks: readonly WaitingTask[], knownWithinMs: number, room: number): Promise<void> {
    const window = this.window(queue);
    const unknown = tasks.filter((task) => !window.knows(task.taskInstanceId, knownWithinMs));
    for (const task of unknown.slice(0, Math.max(room, 0))) window.add({ ...task, outgoing: null });
    await this.release(new Set([queue]));
  }

  /** Publishes what has room in the windows of these queues. */
  async release(queues: ReadonlySet<string>): Promise<void> {
    const publications: Promise<void>[] = [];
    for (const queue of queues) {
      const released = this.windows.get(queue)?.release() ?? [];
      const unread: WaitingEntry[] = [];
      for (const entry of released) {
        if (entry.outgoing === null) unread.push(entry);
        else publications.push(this.publish(queue, entry.taskInstanceId, entry.outgoing));
      }
      if (unread.length > 0) publications.push(this.publishStored(queue, unread));
      if (this.windows.get(queue)?.hasWaiting === true) this.correctSoon(queue);
    }
    await Promise.all(publications);
  }

  close(): void {
    for (const timer of this.corrections.values()) clearTimeout(timer);
    this.corrections.clear();
  }

  private correctSoon(queue: string): void {
    if (this.corrections.has(queue)) return;
    const timer = setTimeout(() => void this.correct(queue), CORRECTED_EVERY_MS);
    this.corrections.set(queue, timer);
  }

  private async correct(queue: string): Promise<void> {
    const unclaimed = await this.depths.unclaimed(queue).catch(() => null);
    // Closed meanwhile.
    if (!this.corrections.delete(queue)) return;
    if (unclaimed !== null) this.window(queue).correct(unclaimed);
    await this.release(new Set([queue]));
  }

  /** The window of a queue, made when it is first spoken of. */
  window(queue: string): ReleaseWindow {
    const known = this.windows.get(queue);
    if (known !== undefined) return known;
    const made = new ReleaseWindow();
    this.windows.set(queue, made);
    return made;
  }

  /** TASKS was made anew. */
  forgetPublished(): void {
    for (const window of this.windows.values()) window.forgetPublished();
  }

  private remove(taskInstanceId: string, touched: Set<string>): void {
    for (const [queue, window] of this.windows) {
      if (!window.remove(taskInstanceId)) continue;
      touched.add(queue);
      return;
    }
  }

  private add(task: PendingTask, namespace: string, outgoing: OutgoingTask): void {
    const { taskInstanceId, instanceId, attempt, dispatch, queue } = task;
    const window = this.window(queue);
    const kept = window.hasRoom || JSON.stringify(task.input).length <= KEPT_INPUT ? outgoing : null;
    window.add({ taskInstanceId, instanceId, attempt, dispatch, namespace, outgoing: kept });
  }

  /** Repeated attempts: what does not change in them stands only in their rows. */
  private async dispatchAgain(runs: readonly RunInBatch[], graceMs: number, touched: Set<string>): Promise<void> {
    const ids = runs.flatMap((run) =>
      run.pending().flatMap(({ id, row }) => (row === null ? [{ instanceId: run.identity.id, taskInstanceId: id }] : [])),
    );
    try {
      for (const task of await readPendingTasks(this.pool, ids, this.publicUrl)) {
        this.add(task, task.run.namespace, await this.outgoing(task, graceMs));
        touched.add(task.queue);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'could not read tasks to dispatch again; the sweeper will');
    }
  }

  private async publishStored(queue: string, entries: readonly WaitingEntry[]): Promise<void> {
    const window = this.window(queue);
    try {
      const { graceMs } = this.settings.current();
      const tasks = await readPendingTasks(this.pool, entries, this.publicUrl);
      const current = new Map(tasks.map((task) => [task.taskInstanceId, task]));
      for (const { taskInstanceId } of entries) if (!current.has(taskInstanceId)) window.remove(taskInstanceId);
      await Promise.all(tasks.map(async (task) => this.publish(queue, task.taskInstanceId, await this.outgoing(task, graceMs))));
    } catch (error) {
      entries.forEach(({ taskInstanceId }) => window.remove(taskInstanceId));
      this.logger.warn({ err: error }, 'could not read waiting tasks; the sweeper will');
    }
  }

  private async outgoing(task: StoredPendingTask, graceMs: number): Promise<OutgoingTask> {
    const version = await this.versions.get(task.processVersionId);
    return outgoingTask(task, version.process, graceMs);
  }

  private async publish(queue: string, taskInstanceId: string, outgoing: OutgoingTask): Promise<void> {
    try {
      await this.publisher.publishOnce(outgoing);
    } catch (error) {
      // The row says that it has to be published: the sweeper repeats it.
      this.window(queue).remove(taskInstanceId);
      this.logger.warn({ subject: outgoing.subject, error: describeError(error) }, 'a task could not be published');
    }
  }
}

const pendingTask = (run: RunInBatch, row: TaskInstanceRow, publicUrl: string): PendingTask | null => {
  const { identity } = run;
  if (row.queue === null || row.uses === null || row.timeoutMs === null || row.kind === 'item') return null;
  return {
    instanceId: identity.id,
    taskInstanceId: row.id,
    attempt: row.attempt,
    dispatch: row.dispatch,
    queue: row.queue,
    worker: row.worker,
    nodeId: row.nodeId,
    kind: row.kind,
    path: row.path,
    visit: row.visit,
    uses: row.uses,
    input: row.input,
    timeoutMs: row.timeoutMs,
    heartbeatTimeoutMs: row.heartbeatTimeoutMs,
    workspace: row.workspace,
    run: {
      id: identity.id,
      number: identity.number,
      process: identity.processName,
      version: identity.processVersion,
      namespace: identity.namespace,
      url: `${publicUrl}/instances/${identity.id}`,
    },
  };
};
