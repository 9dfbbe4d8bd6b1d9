import { JetStreamApiError, jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { LinkState } from './link-state.js';
import { MessagingError, type MessagingErrorCode } from './messaging-error.js';
import { encodePayload } from './payload/payload.js';

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

/** The server's word that a message is stored. */
export interface Stored {
  readonly stream: string;
  readonly sequence: number;
  /** True: a message with this id was stored before, this one was dropped. */
  readonly duplicate: boolean;
}

/** `JSStreamStoreFailed`: the reason stands in the text only. */
const STORE_FAILED = 10077;

/** Publishes to streams; any number of messages may be on their way at once. */
export class Publisher {
  private readonly client: JetStreamClient;
  private readonly timeoutMs: number;
  private readonly link: LinkState;
  private ensuring: Promise<void> | undefined;

  constructor(
    connection: NatsConnection,
    private readonly options: PublisherOptions = {},
  ) {
    this.timeoutMs = options.timeoutMs ?? 5_000;
    this.client = jetstream(connection, { timeout: this.timeoutMs });
    this.link = new LinkState(connection);
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

  /** Sends all at once and waits for all; the answers and errors stand at the messages' places. */
  publishAll(messages: readonly OutgoingMessage[]): Promise<PromiseSettledResult<Stored>[]> {
    return Promise.allSettled(messages.map((message) => this.publish(message)));
  }

  private async send({ subject, messageId }: OutgoingMessage, payload: Uint8Array): Promise<Stored> {
    try {
      await this.link.waitUntilUp(this.timeoutMs);
      const sent = this.client.publish(subject, payload, messageId === undefined ? {} : { msgID: messageId });
      const { stream, seq, duplicate } = await this.link.unlessLost(sent);
      return { stream, sequence: seq, duplicate };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new MessagingError(codeOf(error), `NATS did not store a message on ${subject}: ${reason}`, { cause: error });
    }
  }

  private ensureOnce(ensure: () => Promise<void>): Promise<void> {
    this.ensuring ??= ensure().finally(() => {
      this.ensuring = undefined;
    });
    return this.ensuring;
  }
}

const codeOf = (error: unknown): MessagingErrorCode => {
  if (error instanceof MessagingError) return error.code;
  if (error instanceof errors.TimeoutError) return 'nats.timeout';
  if (error instanceof JetStreamApiError) return error.code === STORE_FAILED ? fullness(error.message) : 'nats.failed';
  // The client says "jetstream is not enabled" when no stream listens on the subject.
  if (causes(error).some((cause) => cause instanceof errors.RequestError && cause.isNoResponders())) return 'nats.missing';
  return 'nats.failed';
};

const fullness = (message: string): MessagingErrorCode => {
  if (message.includes('per subject')) return 'nats.subject-full';
  return message.startsWith('maximum') ? 'nats.full' : 'nats.failed';
};

const causes = (error: unknown): unknown[] =>
  error instanceof Error && error.cause !== undefined ? [error, ...causes(error.cause)] : [error];
