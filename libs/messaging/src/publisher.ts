import { errors, headers, type Msg, type MsgHdrs, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { newInbox } from './connection.js';
import { LinkState } from './link-state.js';
import { MessagingError } from './messaging-error.js';
import { encodePayload } from './payload/payload.js';
import { readStoreAnswer, type Stored } from './store-answer.js';

/** A message for a stream. */
export interface OutgoingMessage {
  readonly subject: string;
  /** Sent as JSON. */
  readonly payload: unknown;
  /** The server drops a second message with the same id within two minutes. */
  readonly messageId?: string;
}

/** How a publisher behaves. */
export interface PublisherOptions {
  /** How long the server's word is waited for, in milliseconds (5,000). */
  readonly timeoutMs?: number;
  /** Makes missing streams again; called once for all messages that wait for it. Absent: a missing stream is an error. */
  readonly ensure?: () => Promise<void>;
}

/** A message whose storing has not been answered yet. */
interface Unanswered {
  readonly subject: string;
  readonly until: number;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: MessagingError) => void;
}

/** Time-outs are looked for this often: they are there for a server that hangs, not for precision. */
const LOOK_MS = 250;

/**
 * Publishes to streams; any number of messages may be on their way at once. One subscription hears all answers: the client library's
 * publish makes a request with a timer, an error and half a dozen promises of each message.
 */
export class Publisher {
  private readonly timeoutMs: number;
  private readonly link: LinkState;
  private readonly inbox: string;
  private readonly unanswered = new Map<string, Unanswered>();
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private count = 0;
  private ensuring: Promise<void> | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: PublisherOptions = {},
  ) {
    this.timeoutMs = options.timeoutMs ?? 5_000;
    this.inbox = newInbox(connection);
    this.link = new LinkState(connection);
    this.link.whenLost(() => this.giveUpAll());
  }

  /** Resolves when the message is stored; throws {@link MessagingError}. */
  async publish(message: OutgoingMessage): Promise<Stored> {
    const payload = encodePayload(message.payload);
    try {
      return await this.send(message, payload);
    } catch (error) {
      if (!(error instanceof MessagingError) || error.code !== 'nats.missing' || !this.options.ensure) throw error;
      await this.ensureOnce(this.options.ensure);
      return this.send(message, payload);
    }
  }

  /** The same for a stream that holds one message a subject: resolves also when the message waits there already. */
  async publishOnce(message: OutgoingMessage): Promise<void> {
    try {
      await this.publish(message);
    } catch (error) {
      if (!(error instanceof MessagingError) || error.code !== 'nats.subject-full') throw error;
    }
  }

  /** Sends all at once and waits for all; the answers and errors stand at the messages' places. */
  publishAll(messages: readonly OutgoingMessage[]): Promise<PromiseSettledResult<Stored>[]> {
    return Promise.allSettled(messages.map((message) => this.publish(message)));
  }

  private async send({ subject, messageId }: OutgoingMessage, payload: Uint8Array): Promise<Stored> {
    if (!this.link.isUp) await this.link.waitUntilUp(this.timeoutMs);
    return new Promise((resolve, reject) => {
      const token = String((this.count += 1));
      this.listen();
      this.unanswered.set(token, { subject, until: performance.now() + this.timeoutMs, resolve, reject });
      try {
        const id = messageId === undefined ? {} : { headers: withMessageId(messageId) };
        this.connection.publish(subject, payload, { reply: `${this.inbox}.${token}`, ...id });
      } catch (error) {
        this.unanswered.delete(token);
        const code = error instanceof errors.ClosedConnectionError ? 'nats.unreachable' : 'nats.failed';
        reject(notStored(code, subject, error instanceof Error ? error.message : String(error), error));
      }
    });
  }

  private listen(): void {
    this.subscription ??= this.connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.receive(message);
      },
    });
    this.timer ??= setInterval(() => this.giveUpOld(), LOOK_MS).unref();
  }

  private receive(message: Msg): void {
    const token = message.subject.slice(this.inbox.length + 1);
    const waiting = this.unanswered.get(token);
    if (waiting === undefined) return;
    this.unanswered.delete(token);
    const answer = readStoreAnswer(message);
    if ('stream' in answer) waiting.resolve(answer);
    else waiting.reject(notStored(answer.code, waiting.subject, answer.problem));
  }

  /** They were sent in order and have the same time: the first that still has some ends the search. */
  private giveUpOld(): void {
    const now = performance.now();
    for (const [token, { until, subject, reject }] of this.unanswered) {
      if (until > now) break;
      this.unanswered.delete(token);
      reject(notStored('nats.timeout', subject, `no answer within ${this.timeoutMs} ms`));
    }
    if (this.unanswered.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Answers come by the connection that was lost, so none comes any more. */
  private giveUpAll(): void {
    const all = [...this.unanswered.values()];
    this.unanswered.clear();
    for (const { subject, reject } of all) reject(notStored('nats.timeout', subject, 'the connection was lost before the answer came'));
  }

  private ensureOnce(ensure: () => Promise<void>): Promise<void> {
    this.ensuring ??= ensure().finally(() => {
      this.ensuring = undefined;
    });
    return this.ensuring;
  }
}

const withMessageId = (messageId: string): MsgHdrs => {
  const made = headers();
  made.set('Nats-Msg-Id', messageId);
  return made;
};

const notStored = (code: MessagingError['code'], subject: string, problem: string, cause?: unknown): MessagingError =>
  new MessagingError(code, `NATS did not store a message on ${subject}: ${problem}`, { cause });
