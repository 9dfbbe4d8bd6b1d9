import {
  decodePayload,
  ensureQueueConsumer,
  ensureStreams,
  ensureWorkerConsumer,
  MessagingError,
  TaskMessage,
  TASKS,
  WorkQueueReader,
  type WorkMessage,
} from '@orderlines/messaging';
import type { Logger } from '@orderlines/service-host';
import type { NatsConnection } from '@nats-io/transport-node';

/** What takes the tasks: occupies a slot until the promise settles. Answers the message. */
export type TaskTaker = (task: TaskMessage, message: WorkMessage) => Promise<void>;

/** A message that came while another reader's took the last slot waits here at most so long; then somebody else may have it. */
const HOLD_MS = 2_000;

interface Source {
  readonly reader: WorkQueueReader;
  waiting: { readonly message: WorkMessage; readonly timer: NodeJS.Timeout } | undefined;
}

/** Takes tasks out of the queues of a worker, and those that only this worker may run; never more than there are free slots. */
export class Intake {
  private readonly sources: Source[] = [];
  private busy = 0;
  private open = true;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: { readonly name: string; readonly queues: readonly string[]; readonly slots: number },
    /** False: no work is taken for the moment. */
    private readonly mayTake: () => boolean,
    private readonly take: TaskTaker,
    private readonly logger: Logger,
  ) {}

  /** Occupied slots. */
  get occupied(): number {
    return this.busy;
  }

  start(): void {
    for (const queue of this.options.queues) {
      const { name } = this.options;
      // The worker's own come first: nobody else may run them.
      this.addSource(TASKS.workerDurable(queue, name), () => ensureWorkerConsumer(this.connection, queue, name));
      this.addSource(TASKS.queueDurable(queue), () => ensureQueueConsumer(this.connection, queue));
    }
  }

  /** There may be room again. */
  poke(): void {
    for (const source of this.sources) {
      const { waiting } = source;
      if (waiting !== undefined && this.hasRoom) {
        clearTimeout(waiting.timer);
        source.waiting = undefined;
        this.begin(waiting.message);
      }
    }
    for (const { reader } of this.sources) reader.poke();
  }

  /** Takes nothing more; what was not begun is given back. */
  async close(): Promise<void> {
    this.open = false;
    for (const source of this.sources) {
      clearTimeout(source.waiting?.timer);
      source.waiting?.message.giveBack();
      source.waiting = undefined;
    }
    await Promise.all(this.sources.map(({ reader }) => reader.close()));
  }

  private get hasRoom(): boolean {
    return this.open && this.busy < this.options.slots && this.mayTake();
  }

  private addSource(durable: string, ensureConsumer: () => Promise<void>): void {
    const source: Source = {
      waiting: undefined,
      reader: new WorkQueueReader({
        connection: this.connection,
        stream: TASKS.name,
        durable,
        room: () => this.roomOf(source),
        onMessage: (message) => this.receive(source, message),
        ensure: () => this.ensure(ensureConsumer),
        onProblem: (problem, error) => this.logger.warn({ err: error }, problem),
      }),
    };
    this.sources.push(source);
  }

  /**
   * Free slots that no other source has asked messages for. When all are asked for, a source may still ask for one, else a queue
   * that is idle would keep another from being read; should both be answered, one message waits.
   */
  private roomOf(source: Source): number {
    if (!this.hasRoom || source.waiting !== undefined) return 0;
    const free = this.options.slots - this.busy;
    const others = this.sources.reduce((sum, other) => sum + (other === source ? 0 : other.reader.outstanding), 0);
    return Math.max(free - others, 1);
  }

  private receive(source: Source, message: WorkMessage): void {
    if (this.hasRoom) this.begin(message);
    else if (source.waiting === undefined && this.open) this.wait(source, message);
    else message.giveBack();
  }

  private wait(source: Source, message: WorkMessage): void {
    const timer = setTimeout(() => {
      source.waiting = undefined;
      message.giveBack();
      source.reader.poke();
    }, HOLD_MS);
    source.waiting = { message, timer };
  }

  private begin(message: WorkMessage): void {
    const decoded = decodePayload(TaskMessage, message.data);
    if (!decoded.ok) {
      this.logger.error({ subject: message.subject, problem: decoded.problem }, 'a task was not understood and is dropped');
      message.drop();
      return;
    }
    this.busy += 1;
    void this.take(decoded.value, message)
      .catch((error: unknown) => this.logger.error({ err: error, subject: message.subject }, 'a task could not be taken'))
      .finally(() => {
        this.busy -= 1;
        this.poke();
      });
  }

  /** A wiped JetStream is made again by whoever comes first; where this worker may not, it waits for an executor. */
  private async ensure(ensureConsumer: () => Promise<void>): Promise<void> {
    try {
      await ensureConsumer();
    } catch (error) {
      if (!(error instanceof MessagingError) || error.code !== 'nats.missing') throw error;
      await ensureStreams(this.connection);
      await ensureConsumer();
    }
  }
}
