import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '@orderlines/contracts';
import {
  CLAIMS,
  ClaimsRequest,
  connectNats,
  ensureStreams,
  FinishedMessage,
  HeartbeatRequest,
  LogChunkMessage,
  LOGS,
  Publisher,
  RUNS,
  TASKS,
  ValueAddress,
  VALUES,
  WORKERS,
  type ClaimReply,
  type ClaimRequest,
  type ControlMessage,
  type HeartbeatReply,
  type TaskMessage,
} from '@orderlines/messaging';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';

/** The executor's side of the wire for tests of the worker: it grants claims, answers heartbeats, and reads what the worker says. */
export class TrialExecutor {
  readonly finished = new Map<string, FinishedMessage[]>();
  readonly chunks: LogChunkMessage[] = [];
  readonly beats: HeartbeatRequest[] = [];
  readonly claims: ClaimRequest[] = [];
  /** Pieces of large values by `<digest>.<chunk>`. */
  readonly pieces = new Map<string, Uint8Array>();
  /** False: whoever sends or wants a large value is told to come again. */
  takesValues = true;
  /** How a claim is answered; undefined: not at all, `retry`: the store is away. */
  answerClaim: (claim: ClaimRequest) => ClaimReply | 'retry' | undefined = () => ({ granted: true, token: 'token' });
  /** What is added to the answer of a heartbeat. */
  answerBeat: (beat: HeartbeatRequest) => Partial<HeartbeatReply> = () => ({});
  /** False: results are read but not confirmed. */
  confirms = true;
  /** False: log chunks are left in the stream. */
  readsLogs = true;
  private readonly waiters = new Set<() => void>();
  private readonly publisher: Publisher;
  private closed = false;

  private constructor(
    readonly connection: NatsConnection,
    readonly worker: string,
  ) {
    this.publisher = new Publisher(connection);
  }

  /** Makes the streams and begins to answer. */
  static async start(natsUrl: string, worker: string): Promise<TrialExecutor> {
    const connection = await connectNats(natsUrl, { name: 'trial executor' });
    await ensureStreams(connection);
    const executor = new TrialExecutor(connection, worker);
    executor.answer();
    await executor.read(RUNS.name, (data) => executor.receiveFinished(data));
    await executor.read(
      LOGS.name,
      (data) => executor.receiveChunk(data),
      () => executor.readsLogs,
    );
    return executor;
  }

  /** Publishes a task; its message. */
  async send(uses: string, input: JsonObject, more: Partial<TaskMessage> & { onWorker?: boolean } = {}): Promise<TaskMessage> {
    const { onWorker = false, ...changes } = more;
    const task = taskMessage(uses, input, changes);
    const subject = onWorker ? TASKS.workerSubject(task.queue, this.worker, task) : TASKS.anySubject(task.queue, task);
    await this.publisher.publish({ subject, payload: task });
    return task;
  }

  /** Publishes a task and waits for its end. */
  async run(uses: string, input: JsonObject, more: Parameters<TrialExecutor['send']>[2] = {}): Promise<FinishedMessage> {
    return this.end(await this.send(uses, input, more));
  }

  /** The end of a task. */
  async end({ taskInstanceId }: Pick<TaskMessage, 'taskInstanceId'>): Promise<FinishedMessage> {
    await this.until(`the end of ${taskInstanceId}`, () => this.finished.has(taskInstanceId));
    return this.finished.get(taskInstanceId)?.[0] as FinishedMessage;
  }

  /** Tells the worker something at once. */
  control(message: ControlMessage): void {
    this.connection.publish(WORKERS.control(this.worker), JSON.stringify(message));
  }

  /** The log of a task: its chunks in order, once each, as text lines. */
  log({ taskInstanceId }: Pick<TaskMessage, 'taskInstanceId'>): string[] {
    const chunks = new Map(this.chunks.filter((chunk) => chunk.taskInstanceId === taskInstanceId).map((chunk) => [chunk.chunk, chunk]));
    return [...chunks.values()]
      .sort((one, other) => one.chunk - other.chunk)
      .flatMap(({ lines }) => lines.map(({ level, text }) => `${level} ${text}`));
  }

  /** Waits until something has come about. */
  async until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 45_000): Promise<void> {
    const end = Date.now() + limitMs;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`${what} did not come about within ${limitMs} ms`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.waiters.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 250);
        this.waiters.add(wake);
      });
    }
  }

  /** Makes streams and consumers again after their storage was wiped. */
  async restoreStreams(): Promise<void> {
    for (let tries = 20; ; tries -= 1) {
      try {
        await ensureStreams(this.connection);
        await Promise.all([RUNS.name, LOGS.name].map((stream) => this.addConsumer(stream)));
        return;
      } catch (error) {
        // The connection may not be back yet.
        if (tries === 0) throw error;
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection.close();
  }

  private wake(): void {
    for (const wake of [...this.waiters]) wake();
  }

  private answer(): void {
    this.connection.subscribe(CLAIMS.all, { queue: CLAIMS.group, callback: (_error, message) => this.answerClaims(message) });
    this.connection.subscribe(VALUES.all, { queue: VALUES.group, callback: (_error, message) => this.answerValue(message) });
    this.connection.subscribe(WORKERS.allHeartbeats, {
      queue: WORKERS.group,
      callback: (_error, message) => {
        const beat = HeartbeatRequest.parse(message.json());
        this.beats.push(beat);
        const confirmed = this.confirms ? beat.held.filter(({ taskInstanceId }) => this.finished.has(taskInstanceId)) : [];
        const reply: HeartbeatReply = { format: 1, cancel: [], confirmed, unknown: [], wantsTaskTypes: false, ...this.answerBeat(beat) };
        message.respond(JSON.stringify(reply));
        this.wake();
      },
    });
  }

  private answerValue(message: Msg): void {
    const { sha256, chunk } = ValueAddress.parse(JSON.parse(message.headers?.get(VALUES.addressHeader) ?? ''));
    const { put } = VALUES.read(message.subject);
    const answer = headers();
    const key = `${sha256}.${chunk}`;
    if (put && this.takesValues) this.pieces.set(key, Uint8Array.from(message.data));
    const piece = this.pieces.get(key);
    answer.set(VALUES.outcomeHeader, !this.takesValues ? 'busy' : piece === undefined ? 'missing' : 'done');
    message.respond(put ? new Uint8Array() : piece, { headers: answer });
  }

  private answerClaims(message: Msg): void {
    const { claims } = ClaimsRequest.parse(message.json());
    this.claims.push(...claims);
    const replies = claims.map((claim) => this.answerClaim(claim));
    this.wake();
    if (replies.includes(undefined)) return;
    const reply = replies.includes('retry') ? { format: 1, retry: true } : { format: 1, replies };
    message.respond(JSON.stringify(reply));
  }

  private receiveFinished(data: Uint8Array): void {
    const message = FinishedMessage.parse(JSON.parse(new TextDecoder().decode(data)));
    this.finished.set(message.taskInstanceId, [...(this.finished.get(message.taskInstanceId) ?? []), message]);
    const { taskInstanceId, attempt, dispatch } = message;
    if (this.confirms) this.control({ format: 1, kind: 'confirmed', attempts: [{ taskInstanceId, attempt, dispatch }] });
    this.wake();
  }

  private receiveChunk(data: Uint8Array): void {
    this.chunks.push(LogChunkMessage.parse(JSON.parse(new TextDecoder().decode(data))));
    this.wake();
  }

  private async addConsumer(stream: string): Promise<void> {
    const manager = await jetstreamManager(this.connection);
    await manager.consumers.add(stream, { durable_name: `trial_${stream}`, ack_policy: 'explicit', ack_wait: 30_000_000_000 });
  }

  private async read(stream: string, receive: (data: Uint8Array) => void, reads: () => boolean = () => true): Promise<void> {
    await this.addConsumer(stream);
    const consumer = await jetstream(this.connection).consumers.get(stream, `trial_${stream}`);
    void (async () => {
      while (!this.closed) {
        if (!reads()) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        const messages = await consumer.fetch({ max_messages: 200, expires: 1_000 }).catch(() => undefined);
        if (messages === undefined) await new Promise((resolve) => setTimeout(resolve, 200));
        try {
          for await (const message of messages ?? []) {
            receive(message.data);
            message.ack();
          }
        } catch {
          // NATS was away: what was not acknowledged comes again.
        }
      }
    })();
  }
}

/** A task as an executor would publish it. */
export const taskMessage = (uses: string, input: Json, more: Partial<TaskMessage> = {}): TaskMessage => {
  const instanceId = more.instanceId ?? randomUUID();
  const taskInstanceId = more.taskInstanceId ?? randomUUID();
  const [queue, dispatch] = [more.queue ?? 'default', more.dispatch ?? 1];
  return {
    format: 1,
    instanceId,
    taskInstanceId,
    attempt: 1,
    dispatch,
    queue,
    uses,
    input,
    timeoutMs: 60_000,
    graceMs: 1_000,
    node: { id: 'node', name: 'Node', path: 'flow.node', visit: 1 },
    run: { id: instanceId, number: 1, process: 'trial', version: 1, namespace: 'default', url: 'http://127.0.0.1/trial' },
    runs: RUNS.prefix(RUNS.shardOf(instanceId), queue, instanceId, taskInstanceId, dispatch),
    ...more,
  };
};
