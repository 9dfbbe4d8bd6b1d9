import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { chunksOf, VALUE_CHUNK_BYTES } from '@orderlines/contracts';
import { MessagingError } from '../messaging-error.js';
import { VALUES, ValueOutcome, type ValueAddress } from '../subjects/values.subject.js';

/** The attempt in whose name contents are sent and fetched. */
export type ValueHolder = Pick<ValueAddress, 'instanceId' | 'taskInstanceId' | 'token'> & { readonly queue: string };

/** A content by its SHA-256 and length in bytes. */
export interface ContentName {
  readonly sha256: string;
  readonly bytes: number;
}

/** A piece of a content, by its number. */
export type ReadPiece = (chunk: number) => Promise<Uint8Array> | Uint8Array;

/** Pieces of one content on their way at a time. */
const WINDOW = 4;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** While no executor answers, a transfer is tried for so long; the attempt is given up long before that. */
const GIVE_UP_MS = 3_600_000;

/** Moves large values and files between a worker and Postgres, piece by piece, through whichever executor answers. */
export class ValueTransfer {
  constructor(private readonly connection: NatsConnection) {}

  /** Resolves when the content is stored; throws {@link MessagingError} `nats.refused` when the attempt is over. */
  async send(holder: ValueHolder, content: ContentName, read: ReadPiece): Promise<void> {
    await eachPiece(content.bytes, async (chunk) => {
      await this.ask(VALUES.put(holder.queue), addressOf(holder, content.sha256, chunk), await read(chunk));
    });
  }

  /** The whole content; throws {@link MessagingError} `nats.missing` when it is not there, `nats.refused` when the attempt is over. */
  async fetch(holder: ValueHolder, content: ContentName): Promise<Uint8Array> {
    const whole = new Uint8Array(content.bytes);
    await this.receive(holder, content, (chunk, piece) => whole.set(piece, chunk * VALUE_CHUNK_BYTES));
    if (createHash('sha256').update(whole).digest('hex') === content.sha256) return whole;
    throw new MessagingError('nats.missing', `The value ${content.sha256} was stored with another content`);
  }

  /** Hands every piece of a content over, in no order; as {@link fetch} it throws. */
  async receive(
    holder: ValueHolder,
    content: ContentName,
    take: (chunk: number, piece: Uint8Array) => Promise<void> | void,
  ): Promise<void> {
    await eachPiece(content.bytes, async (chunk) => {
      const piece = await this.ask(VALUES.get(holder.queue), addressOf(holder, content.sha256, chunk), new Uint8Array());
      const expected = Math.min(VALUE_CHUNK_BYTES, content.bytes - chunk * VALUE_CHUNK_BYTES);
      if (piece.length !== expected) throw new MessagingError('nats.missing', `The value ${content.sha256} was stored with another length`);
      await take(chunk, piece);
    });
  }

  private async ask(subject: string, address: ValueAddress, data: Uint8Array): Promise<Uint8Array> {
    const end = performance.now() + GIVE_UP_MS;
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      const answer = await this.askOnce(subject, address, data);
      const outcome = ValueOutcome.safeParse(answer?.headers?.get(VALUES.outcomeHeader)).data ?? 'busy';
      if (outcome === 'done') return answer?.data ?? data;
      if (outcome !== 'busy') throw refusal(outcome, address.sha256);
      if (performance.now() > end) throw new MessagingError('nats.timeout', 'No executor has taken or given a large value for an hour');
      await sleep(retryMs * (0.5 + Math.random() / 2));
    }
  }

  private async askOnce(subject: string, address: ValueAddress, data: Uint8Array): Promise<Msg | undefined> {
    if (this.connection.isClosed()) throw new MessagingError('nats.unreachable', 'The connection to NATS is closed');
    const named = headers();
    named.set(VALUES.addressHeader, JSON.stringify(address));
    try {
      return await this.connection.request(subject, data, { timeout: VALUES.timeoutMs, headers: named });
    } catch {
      // No executor, none in time, or NATS is away: all the same to a content that is still here.
      return undefined;
    }
  }
}

const addressOf = ({ instanceId, taskInstanceId, token }: ValueHolder, sha256: string, chunk: number): ValueAddress => ({
  format: 1,
  instanceId,
  taskInstanceId,
  token,
  sha256,
  chunk,
});

const refusal = (outcome: 'missing' | 'refused', sha256: string): MessagingError =>
  outcome === 'missing'
    ? new MessagingError('nats.missing', `The run has no value ${sha256}`)
    : new MessagingError('nats.refused', 'The attempt is over: its values are not taken or given any more');

/** Does something for every piece, a few at a time; the first error ends it. */
const eachPiece = async (bytes: number, work: (chunk: number) => Promise<void>): Promise<void> => {
  const chunks = chunksOf(bytes);
  let next = 0;
  const lane = async () => {
    for (let chunk = next++; chunk < chunks; chunk = next++) {
      try {
        await work(chunk);
      } catch (error) {
        next = chunks;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, chunks) }, lane));
};
