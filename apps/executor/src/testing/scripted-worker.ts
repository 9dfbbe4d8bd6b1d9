import { randomUUID } from 'node:crypto';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Json } from '@orderlines/contracts';
import {
  CLAIMS,
  ClaimsReply,
  connectNats,
  ControlMessage,
  decodePayload,
  ensureQueueConsumer,
  ensureStreams,
  HeartbeatReply,
  LOGS,
  ReportReply,
  REPORTS,
  Publisher,
  TASKS,
  TaskMessage,
  WorkQueueReader,
  WORKERS,
  type FinishedMessage,
  type HeartbeatRequest,
  type HeldAttempt,
  type LogChunkMessage,
  type WorkMessage,
} from '@orderlines/messaging';

/** An attempt in the hands of a scripted worker. */
export interface HeldTask {
  readonly task: TaskMessage;
  readonly token: string;
}

/** How a scripted worker behaves; absent members are a good worker that finishes everything at once. */
export interface WorkerScript {
  /** Result of a task; null: it is kept running until {@link ScriptedWorker.finish} is called. Throwing fails the task. */
  readonly run?: (task: TaskMessage) => Json | null | Promise<Json | null>;
  readonly slots?: number;
  readonly queue?: string;
  /** Idempotent task types, as declared at the claim. */
  readonly idempotent?: boolean;
  /** Every result is said so many times. */
  readonly repeats?: number;
}

/** The messages of a worker, spoken over the real NATS by the test: what it does is what the script says. */
export class ScriptedWorker {
  readonly session = randomUUID();
  readonly held = new Map<string, HeldTask>();
  /** Task instances it was allowed to start, in order. */
  readonly granted: string[] = [];
  readonly refusals: string[] = [];
  readonly cancelled: string[] = [];
  private readonly unconfirmed = new Map<string, Said>();
  private reader: WorkQueueReader | undefined;
  private control: Subscription | undefined;

  private constructor(
    readonly name: string,
    private readonly nats: NatsConnection,
    private readonly publisher: Publisher,
    private readonly script: WorkerScript,
  ) {}

  static async start(natsUrl: string, script: WorkerScript = {}, name = `worker-${randomUUID().slice(0, 8)}`): Promise<ScriptedWorker> {
    const nats = await connectNats(natsUrl, { name });
    const worker = new ScriptedWorker(name, nats, new Publisher(nats, { ensure: () => ensureStreams(nats) }), script);
    worker.listen();
    return worker;
  }

  /** Attempts that it holds now, as a heartbeat names them. */
  get attempts(): HeldAttempt[] {
    const running = [...this.held.values()].map(({ task, token }) => ({ ...attemptOf(task), token, state: 'running' as const }));
    const finished = [...this.unconfirmed.values()].map(({ message }) => ({
      ...attemptOf(message),
      token: message.token,
      state: 'finished' as const,
    }));
    return [...running, ...finished];
  }

  /** One sign of life, and what was answered. */
  async beat(changes: Partial<HeartbeatRequest> = {}): Promise<HeartbeatReply> {
    const now = Date.now();
    const request: HeartbeatRequest = {
      format: 1,
      session: this.session,
      worker: this.name,
      sentAt: now,
      startedAt: now,
      version: 'test',
      queues: [this.queue],
      slots: this.slots,
      busy: this.held.size,
      taskTypes: [],
      draining: false,
      held: this.attempts,
      ...changes,
    };
    const answer = await this.nats.request(WORKERS.heartbeat(this.name), JSON.stringify(request), { timeout: 5_000 });
    return HeartbeatReply.parse(answer.json());
  }

  /** Asks for attempts and gives back what was answered. */
  async claim(tasks: readonly TaskMessage[], session = this.session, wantsVariables = false): Promise<ClaimsReply> {
    const claims = tasks.map((task) => ({ ...attemptOf(task), idempotent: this.script.idempotent ?? true, wantsVariables }));
    const request = JSON.stringify({ format: 1, session, worker: this.name, claims });
    return ClaimsReply.parse((await this.nats.request(CLAIMS.subject(this.queue), request, { timeout: CLAIMS.timeoutMs })).json());
  }

  /** Token of a task it holds. */
  tokenOf(task: TaskMessage): string {
    return this.held.get(task.taskInstanceId)?.token ?? '';
  }

  /** Reports the same end of tasks in one request, and gives what was answered. */
  async report(tasks: readonly TaskMessage[], outcome: FinishedMessage['outcome'], token?: string): Promise<boolean[]> {
    const results = tasks.map((task) => this.finishedMessage(task, outcome, token ?? this.tokenOf(task)));
    const answer = await this.request(REPORTS.subject(this.queue), JSON.stringify({ format: 1, results }), REPORTS.timeoutMs);
    return ReportReply.parse(JSON.parse(answer)).stored;
  }

  /** Asks executors anything; gives the text of the answer. */
  async request(subject: string, text: string, timeout: number): Promise<string> {
    return (await this.nats.request(subject, text, { timeout })).string();
  }

  /** Ends a task it holds, and says so. */
  async finish(task: TaskMessage, outcome: FinishedMessage['outcome'], token = this.held.get(task.taskInstanceId)?.token): Promise<void> {
    this.held.delete(task.taskInstanceId);
    const message = this.finishedMessage(task, outcome, token ?? '');
    const said = { subject: `${task.runs}.finished`, message };
    this.unconfirmed.set(task.taskInstanceId, said);
    for (let times = 0; times < (this.script.repeats ?? 1); times++) await this.say(said);
    this.reader?.poke();
  }

  /** Says every result again that was not confirmed. */
  async repeat(): Promise<void> {
    for (const said of this.unconfirmed.values()) await this.say(said);
  }

  async log(chunk: LogChunkMessage): Promise<void> {
    await this.publisher.publish({ subject: LOGS.subject(chunk.instanceId, chunk.taskInstanceId), payload: chunk });
  }

  async close(): Promise<void> {
    this.control?.unsubscribe();
    await this.reader?.close();
    await this.nats.close();
  }

  private finishedMessage(task: TaskMessage, outcome: FinishedMessage['outcome'], token: string): FinishedMessage {
    return { format: 1, ...attemptOf(task), token, session: this.session, worker: this.name, outcome, logChunks: 0 };
  }

  private get queue(): string {
    return this.script.queue ?? 'default';
  }

  private get slots(): number {
    return this.script.slots ?? 200;
  }

  private listen(): void {
    this.control = this.nats.subscribe(WORKERS.control(this.name), {
      callback: (_error, message) => this.told(ControlMessage.parse(message.json())),
    });
    this.reader = new WorkQueueReader({
      connection: this.nats,
      stream: TASKS.name,
      durable: TASKS.queueDurable(this.queue),
      room: () => this.slots - this.held.size,
      ensure: async () => {
        await ensureStreams(this.nats);
        await ensureQueueConsumer(this.nats, this.queue);
      },
      onMessage: (message) => void this.receive(message),
      onProblem: () => undefined,
    });
  }

  private told(message: ControlMessage): void {
    if (message.kind === 'cancel') this.cancelled.push(message.taskInstanceId);
    else for (const { taskInstanceId } of message.attempts) this.unconfirmed.delete(taskInstanceId);
  }

  private async receive(message: WorkMessage): Promise<void> {
    const decoded = decodePayload(TaskMessage, message.data);
    if (!decoded.ok) throw new Error(decoded.problem);
    const task = decoded.value;
    const answer = await this.claim([task]).catch(() => ({ retry: true }) as ClaimsReply);
    const [reply] = answer.replies ?? [];
    if (reply === undefined) return message.giveBack(200);
    message.ack();
    if (!reply.granted) {
      this.refusals.push(reply.refusal);
      return;
    }
    this.granted.push(`${task.taskInstanceId}.${task.attempt}`);
    this.held.set(task.taskInstanceId, { task, token: reply.token });
    await this.work(task);
  }

  private async work(task: TaskMessage): Promise<void> {
    try {
      const result = this.script.run === undefined ? {} : await this.script.run(task);
      if (result !== null) await this.finish(task, { status: 'SUCCESS', result });
    } catch (error) {
      await this.finish(task, { status: 'FAILURE', failure: { reason: 'user', message: String(error) } });
    }
  }

  /** A repeat of what waits already is refused by the server, and one that is lost comes again. */
  private async say({ subject, message }: Said): Promise<void> {
    await this.publisher.publish({ subject, payload: message }).catch(() => undefined);
  }
}

interface Said {
  readonly subject: string;
  readonly message: FinishedMessage;
}

const attemptOf = ({
  instanceId,
  taskInstanceId,
  attempt,
  dispatch,
}: Pick<TaskMessage, 'instanceId' | 'taskInstanceId' | 'attempt' | 'dispatch'>) => ({
  instanceId,
  taskInstanceId,
  attempt,
  dispatch,
});
