import { randomUUID } from 'node:crypto';
import { cpuQueue, guardedPieces, isCpuQueue, type Json } from '@orderlines/contracts';
import {
  connectNats,
  ControlMessage,
  decodePayload,
  ensureStreams,
  Publisher,
  ValueTransfer,
  WORKERS,
  type HeartbeatReply,
  type TaskMessage,
  type WorkMessage,
} from '@orderlines/messaging';
import { StopOrder } from '@orderlines/plugin-sdk';
import { SessionKey } from '@orderlines/secrets';
import { describeError, pause, type Logger, type Shutdown } from '@orderlines/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import { HeldAttempts } from './attempts/held-attempts.js';
import { AttemptSecrets, SecretsRefused } from './attempts/attempt-secrets.js';
import { RunningAttempt, type Grant } from './attempts/running-attempt.js';
import type { WorkerConfig } from './config.js';
import { lockFolder } from './folders/folder-lock.js';
import { FormerSessions } from './folders/former-sessions.js';
import type { RecordedGroups } from './folders/process-groups.js';
import type { AttemptFolders, WorkerFolders } from './folders/worker-folders.js';
import { Heartbeat } from './heartbeat/heartbeat.js';
import { ClaimDesk } from './intake/claim-desk.js';
import { Intake } from './intake/intake.js';
import { AttemptLog } from './logs/attempt-log.js';
import type { WorkerMetrics } from './metrics.js';
import { ReportDesk } from './results/report-desk.js';
import { ResultOutbox } from './results/result-outbox.js';
import type { TaskTypes } from './task-types.js';
import { AttemptValues } from './values/attempt-values.js';

/** A task type that is not here is given back this often, since another worker of the queue may have it. */
const FOREIGN_TRIES = 5;
const FOREIGN_DELAY_MS = 500;
/** Tasks cut off from NATS get at most this long between TERM and KILL, so that all is over before the lease is out. */
const CUT_OFF_GRACE_MS = WORKERS.deadAfterMs - WORKERS.killAfterMs - 2_000;
/** The same for tasks that are stopped because the worker ends. */
const SHUTDOWN_GRACE_MS = 5_000;
const CONFIRM_LIMIT_MS = 6_000;
const WORKSPACES_PER_BEAT = 500;
const WORKSPACE_CHECK_MS = 3_600_000;

/** One session of a worker: from its start to its end it answers for the attempts it was granted. */
export class WorkerSession {
  readonly id = randomUUID();
  private readonly key = new SessionKey();
  private readonly startedAt = Date.now();
  private readonly folders: WorkerFolders;
  private readonly groups: RecordedGroups;
  private readonly types: TaskTypes;
  private readonly metrics: WorkerMetrics;
  private readonly logger: Logger;
  private connection!: NatsConnection;
  private publisher!: Publisher;
  private transfer!: ValueTransfer;
  private outbox!: ResultOutbox;
  private held!: HeldAttempts;
  private claims!: ClaimDesk;
  private intakes: readonly Intake[] = [];
  private formerSessions!: FormerSessions;
  private heartbeat: Heartbeat | undefined;
  private draining = false;
  private refused = false;
  private cutOff = false;
  private workspaceTurn = 0;

  constructor(
    private readonly config: WorkerConfig,
    parts: {
      readonly folders: WorkerFolders;
      readonly groups: RecordedGroups;
      readonly types: TaskTypes;
      readonly metrics: WorkerMetrics;
      readonly logger: Logger;
    },
  ) {
    ({ folders: this.folders, groups: this.groups, types: this.types, metrics: this.metrics, logger: this.logger } = parts);
  }

  /** Why it cannot work at the moment; null when it can. */
  get problem(): string | null {
    return this.heartbeat === undefined ? 'not connected yet' : this.heartbeat.problem;
  }

  get occupiedSlots(): number {
    return this.intakes.reduce((sum, intake) => sum + intake.occupied, 0);
  }

  /** Cleans up after a former worker of the name, connects, and takes work as soon as an executor has answered. */
  async start(shutdown: Shutdown, stopping: AbortSignal): Promise<void> {
    const lock = await lockFolder(this.folders.root, this.config.name);
    shutdown.add('folder lock', () => lock.release());
    const left = await this.groups.open();
    shutdown.add('process guardian', () => this.groups.close());
    if (left > 0) this.logger.warn({ left }, 'process groups that a former worker left were ended');
    await this.folders.open();
    this.formerSessions = new FormerSessions(this.folders.root, this.id);
    this.connection = await this.connect(stopping);
    shutdown.add('NATS', () => this.connection.close());
    this.assemble(shutdown);
    this.startHeartbeat(shutdown);
    this.listenForControl();
    const oldFolders = setInterval(() => void this.folders.removeOldWorkspaces(this.config.workspaceAgeMs), WORKSPACE_CHECK_MS);
    shutdown.add('folder check', () => clearInterval(oldFolders));
    shutdown.add('running tasks', () => this.drain());
    void this.heartbeat?.answered.then(() => {
      if (!this.draining) for (const intake of this.intakes) intake.start();
    });
  }

  private get queues(): { readonly io: string[]; readonly cpu: string[] } {
    const { queues } = this.config;
    return { io: queues.filter((queue) => !isCpuQueue(queue)), cpu: [...new Set(queues.map(cpuQueue))] };
  }

  private pokeIntakes(): void {
    for (const intake of this.intakes) intake.poke();
  }

  private async connect(stopping: AbortSignal): Promise<NatsConnection> {
    for (;;) {
      try {
        const { name, natsUrl } = this.config;
        return await connectNats(natsUrl, { name, limitMs: 5_000 });
      } catch (error) {
        if (stopping.aborted) throw error;
        this.logger.warn({ problem: describeError(error) }, 'NATS cannot be reached; it is tried again');
        await pause(1_000, stopping);
      }
    }
  }

  private assemble(shutdown: Shutdown): void {
    const { config, connection, logger } = this;
    this.publisher = new Publisher(connection, { ensure: () => ensureStreams(connection) });
    this.transfer = new ValueTransfer(connection);
    this.outbox = new ResultOutbox(this.publisher, new ReportDesk(connection, logger), logger, () => this.pokeIntakes());
    shutdown.add('results', () => this.outbox.close());
    this.held = new HeldAttempts(this.outbox);
    this.claims = new ClaimDesk(connection, this.id, config.name, this.key.publicKey, logger);
    const mayTake = () => !this.draining && !this.cutOff && !this.refused && !this.outbox.isFull;
    const intake = (queues: readonly string[], slots: number) =>
      new Intake(connection, { name: config.name, queues, slots }, mayTake, (task, message) => this.take(task, message), logger);
    // Apart: what waits for a core keeps nothing else from a slot.
    this.intakes = [intake(this.queues.io, config.slots), intake(this.queues.cpu, config.cpuSlots)];
  }

  private startHeartbeat(shutdown: Shutdown): void {
    const { natsUrl, name, version, slots, cpuSlots, heartbeatMs } = this.config;
    const url = this.config.heartbeatUrl ?? new URL('./heartbeat.js', import.meta.url);
    const settings = {
      natsUrl,
      session: this.id,
      worker: name,
      startedAt: this.startedAt,
      version,
      queues: [...this.queues.io, ...this.queues.cpu],
      slots: slots + cpuSlots,
      intervalMs: heartbeatMs,
      taskTypes: this.types.manifests as unknown as Json[],
      succeeds: [...this.formerSessions.ids],
      groupsFolder: this.folders.groups,
    };
    const listener = {
      snapshot: () => this.snapshot(),
      onReply: (reply: HeartbeatReply) => this.apply(reply),
      onCutOff: () => this.onCutOff(),
    };
    const heartbeat = new Heartbeat(url, settings, listener, this.logger);
    this.heartbeat = heartbeat;
    shutdown.add('heartbeat', () => heartbeat.close());
  }

  private async snapshot() {
    const all = await this.folders.workspaces();
    const start = all.length <= WORKSPACES_PER_BEAT ? 0 : (this.workspaceTurn++ * WORKSPACES_PER_BEAT) % all.length;
    const workspaces = all.slice(start, start + WORKSPACES_PER_BEAT);
    // Nothing may be awaited after the time is taken: the list must be that of this moment.
    return { madeAt: Date.now(), ...this.held.held(), workspaces, busy: this.occupiedSlots, draining: this.draining };
  }

  private apply(reply: HeartbeatReply): void {
    const couldWork = !this.cutOff && !this.refused;
    this.cutOff = false;
    this.refused = reply.refused !== undefined;
    if (!couldWork && !this.refused) this.pokeIntakes();
    if (!this.refused) this.formerSessions.settle();
    for (const order of reply.cancel) this.held.cancel(order);
    for (const dispatch of reply.confirmed) this.outbox.confirm(dispatch);
    for (const dispatch of reply.unknown) this.held.forget(dispatch);
    for (const name of reply.endedWorkspaces ?? []) void this.folders.removeWorkspace(name);
  }

  private onCutOff(): void {
    this.cutOff = true;
    this.logger.error({ running: this.held.runningCount }, 'cut off from NATS: running tasks are stopped before their lease is out');
    this.held.stopAll(new StopOrder('infra', 'Its worker was cut off from NATS', CUT_OFF_GRACE_MS));
  }

  private listenForControl(): void {
    this.connection.subscribe(WORKERS.control(this.config.name), {
      callback: (error, message) => {
        if (error) return this.logger.error({ err: error }, 'the subscription to control messages failed');
        const decoded = decodePayload(ControlMessage, message.data);
        if (!decoded.ok) return this.logger.warn({ problem: decoded.problem }, 'a control message was not understood');
        if (decoded.value.kind === 'cancel') this.held.cancel(decoded.value);
        else for (const dispatch of decoded.value.attempts) this.outbox.confirm(dispatch);
      },
    });
  }

  /** One task from its message to its result; the slot is taken until then. */
  private async take(task: TaskMessage, message: WorkMessage): Promise<void> {
    const type = this.types.find(task.uses);
    if (type === undefined && message.deliveries < FOREIGN_TRIES) return message.giveBack(FOREIGN_DELAY_MS);
    const { instanceId, taskInstanceId, attempt, dispatch } = task;
    const { idempotent = true, wantsVariables = false } = type?.manifest ?? {};
    const guarded = guardedPieces(task.input);
    const wanted = { idempotent, wantsVariables, ...(guarded.length > 0 && { guarded }) };
    const reply = await this.claims.claim(task.queue, { instanceId, taskInstanceId, attempt, dispatch, ...wanted });
    if (reply === undefined) return message.giveBack(FOREIGN_DELAY_MS);
    message.ack();
    if (!reply.granted) {
      this.metrics.refused.inc();
      return this.logger.debug({ taskInstanceId, refusal: reply.refusal }, 'a claim was refused');
    }
    if (!this.held.begins(task)) return this.logger.debug({ taskInstanceId }, 'a second copy of a task is dropped');
    if (type === undefined) {
      const why = `The worker ${this.config.name} has no task type ${task.uses}: install its plugin there, or send the task to another queue`;
      return this.reportFailure(task, reply, 'plugin', 'task-type.unknown', why);
    }
    try {
      await this.run(task, reply, type, AttemptSecrets.granted(task, reply.secrets, this.key));
    } catch (error) {
      if (!(error instanceof SecretsRefused)) throw error;
      this.reportFailure(task, reply, error.reason, error.code, error.message);
    }
  }

  private async run(
    task: TaskMessage,
    grant: Grant,
    type: NonNullable<ReturnType<TaskTypes['find']>>,
    secrets: AttemptSecrets,
  ): Promise<void> {
    const folders = this.foldersOf(task);
    if (folders instanceof Error) return this.reportFailure(task, grant, 'infra', 'folder.unusable', folders.message);
    const log = new AttemptLog(task, this.publisher, this.config.logLimitBytes);
    const values = new AttemptValues(this.transfer, { ...task, token: grant.token }, folders);
    const attempt = new RunningAttempt(task, grant, type, {
      folders,
      log,
      values,
      secrets,
      processGroups: this.groups,
      path: this.config.path,
    });
    this.held.add(attempt);
    try {
      const { bytes, ...end } = await attempt.run();
      this.metrics.finished.inc({ type: type.manifest.name, status: end.outcome.status });
      if (!attempt.isSilent) this.report(task, grant, end, bytes);
    } finally {
      this.held.remove(attempt);
    }
    await log.drained();
    await folders.remove();
  }

  private report(
    task: TaskMessage,
    grant: Grant,
    end: Omit<Parameters<ResultOutbox['add']>[1], keyof ReturnType<typeof this.identity>>,
    bytes: number,
  ): void {
    this.outbox.add(task, { ...this.identity(task, grant), ...end }, bytes);
  }

  private identity({ instanceId, taskInstanceId, attempt, dispatch }: TaskMessage, { token }: Grant) {
    return { format: 1 as const, instanceId, taskInstanceId, attempt, dispatch, token, session: this.id, worker: this.config.name };
  }

  private foldersOf({ taskInstanceId, attempt, dispatch, workspace }: TaskMessage): AttemptFolders | Error {
    try {
      return this.folders.forAttempt(`${taskInstanceId}.${attempt}.${dispatch}`, workspace);
    } catch (error) {
      return error as Error;
    }
  }

  /** It was granted and cannot be run here. */
  private reportFailure(
    task: TaskMessage,
    grant: Grant,
    reason: 'plugin' | 'infra' | 'user' | 'expression',
    code: string,
    message: string,
  ): void {
    this.report(task, grant, { outcome: { status: 'FAILURE', failure: { reason, message, code } }, logChunks: 0 }, 0);
  }

  /** Takes nothing more, lets running tasks end for a while, stops the rest, and sees the results off. */
  private async drain(): Promise<void> {
    this.draining = true;
    void this.heartbeat?.tellHeld();
    await Promise.all(this.intakes.map((intake) => intake.close()));
    this.claims.close();
    await this.held.idle(this.config.drainMs);
    this.held.stopAll(new StopOrder('infra', 'Its worker was shut down', SHUTDOWN_GRACE_MS));
    await this.held.idle(SHUTDOWN_GRACE_MS + 2_000);
    await this.outbox.drained(CONFIRM_LIMIT_MS);
  }
}
