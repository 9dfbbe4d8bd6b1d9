import { Worker as Thread } from 'node:worker_threads';
import type { HeartbeatReply } from '@orderlines/messaging';
import type { Logger } from '@orderlines/service-host';
import type { FromHeartbeat, HeartbeatSettings, HeldSnapshot, ToHeartbeat } from './heartbeat-messages.js';

/** What the worker does when it hears of something. */
export interface HeartbeatListener {
  onReply(reply: HeartbeatReply): void;
  /** NATS has been away for so long that running tasks must be stopped. */
  onCutOff(): void;
  snapshot(): Promise<HeldSnapshot>;
}

const SNAPSHOT_MS = 1_000;

/** The worker's side of the heartbeat thread. */
export class Heartbeat {
  private readonly thread: Thread;
  private readonly timer: NodeJS.Timeout;
  private firstReply: (() => void) | undefined;
  /** Settles when an executor first lets this session work. */
  readonly answered: Promise<void>;
  /** Why the worker is not fully working; null when it is. */
  problem: string | null = 'no heartbeat has been answered yet';

  constructor(
    url: URL,
    settings: HeartbeatSettings,
    private readonly listener: HeartbeatListener,
    private readonly logger: Logger,
  ) {
    this.answered = new Promise((resolve) => (this.firstReply = resolve));
    this.thread = new Thread(url, { workerData: settings });
    this.thread.on('message', (message: FromHeartbeat) => this.receive(message));
    this.thread.on('error', (error) => {
      // Without heartbeats every attempt would be lost after its lease: the process must end and be started again.
      this.problem = 'the heartbeat thread has died';
      logger.fatal({ err: error }, this.problem);
      listener.onCutOff();
    });
    this.timer = setInterval(() => void this.tellHeld(), SNAPSHOT_MS);
    void this.tellHeld();
  }

  /** Tells the thread what is held now instead of within a second. */
  async tellHeld(): Promise<void> {
    this.send({ kind: 'snapshot', snapshot: await this.listener.snapshot() });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const exited = new Promise<void>((resolve) => this.thread.once('exit', () => resolve()));
    await this.tellHeld();
    this.send({ kind: 'close' });
    const timer = setTimeout(() => void this.thread.terminate(), 5_000);
    await exited;
    clearTimeout(timer);
  }

  private send(message: ToHeartbeat): void {
    this.thread.postMessage(message);
  }

  private note(problem: string | null, answered: boolean): void {
    if (problem === this.problem) return;
    this.problem = problem;
    if (problem === null) this.logger.info('executors answer');
    else if (answered) this.logger.warn({ problem }, 'this worker may not work');
    else this.logger.info({ problem }, 'executors do not answer');
  }

  private receive(message: FromHeartbeat): void {
    if (message.kind === 'reply') {
      this.listener.onReply(message.reply);
      if (message.reply.refused === undefined) this.firstReply?.();
    } else if (message.kind === 'cut-off') {
      this.send({ kind: 'cut-off-heard' });
      this.listener.onCutOff();
    } else {
      this.note(message.why === '' ? null : message.why, message.executor);
    }
  }
}
