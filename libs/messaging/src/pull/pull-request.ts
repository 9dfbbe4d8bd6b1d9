import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { newInbox } from '../connection.js';
import { WorkMessage } from './work-message.js';

/** How a request for messages ended. */
export type PullEnd =
  /** Every message came, or its time was over. */
  | 'done'
  /** There is no such consumer (any more). */
  | 'missing'
  /** The server refused it: too many requests wait. */
  | 'refused';

/** One request for messages. */
export interface PullRequestOptions {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly durable: string;
  readonly messages: number;
  readonly bytes?: number;
  readonly expiresMs: number;
  readonly onMessage: (message: WorkMessage) => void;
  readonly onEnd: (end: PullEnd, why: string) => void;
}

/** The server keeps to its time; when nothing at all is heard a little later, the request is given up. */
const SILENCE_MS = 2_000;

/**
 * Asks a durable for messages and counts them. Each request has an inbox of its own, so what it still may bring is known exactly
 * (the client library's `consume()` asks for more by itself, which a worker with few free slots cannot have).
 */
export class PullRequest {
  /** Messages that may still come. */
  remaining: number;
  private readonly subscription: Subscription;
  private readonly timer: NodeJS.Timeout;
  private ended = false;

  constructor(private readonly options: PullRequestOptions) {
    const { connection, stream, durable, messages, bytes, expiresMs } = options;
    this.remaining = messages;
    const inbox = newInbox(connection);
    this.subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error) this.end('refused', error.message);
        else this.receive(message);
      },
    });
    this.timer = setTimeout(() => this.end('done', 'silence'), expiresMs + SILENCE_MS);
    const request = { batch: messages, expires: expiresMs * 1_000_000, ...(bytes === undefined ? {} : { max_bytes: bytes }) };
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, JSON.stringify(request), { reply: inbox });
  }

  /** Gives the request up; a message that is on its way is not lost, it comes again later. */
  cancel(): void {
    this.end('done', 'cancelled');
  }

  /** Ends the request and waits until nothing can come for it any more; what comes until then is given back at once. */
  async drain(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    await this.subscription.drain();
  }

  private receive(message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (code !== 0) {
      this.receiveStatus(code, message.headers?.description ?? '');
      return;
    }
    const work = new WorkMessage(message);
    if (this.ended) {
      work.giveBack();
      return;
    }
    this.remaining -= 1;
    this.options.onMessage(work);
    if (this.remaining === 0) this.end('done', 'complete');
  }

  private receiveStatus(code: number, description: string): void {
    if (code === 100) return;
    if (code === 503) this.end('missing', 'nobody answers for the consumer');
    else if (code === 409 && /deleted/i.test(description)) this.end('missing', description);
    else if (code === 408 || code === 404 || /maxbytes/i.test(description)) this.end('done', description);
    else this.end('refused', `${code} ${description}`);
  }

  private end(end: PullEnd, why: string): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    this.subscription.unsubscribe();
    this.options.onEnd(end, why);
  }
}
