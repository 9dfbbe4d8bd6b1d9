import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { VALUE_CHUNK_BYTES } from '@orderlines/contracts';
import { ValueAddress, VALUES, type ValueOutcome } from '@orderlines/messaging';
import { describeError, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { getPiece, putPiece } from '../store/large-values.sql.js';

/** Pieces in hand at a time; who asks for more is told to come again, so that memory stays bounded. */
const MAX_AT_ONCE = 32;

/** Stores and gives pieces of large values for workers: each in a statement of its own, never under the lock of a run. */
export class ValuesInput {
  private subscription: Subscription | undefined;
  private atOnce = 0;

  constructor(
    private readonly nats: NatsConnection,
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.subscription = this.nats.subscribe(VALUES.all, {
      queue: VALUES.group,
      callback: (error, message) => {
        if (error === null) void this.receive(message);
        else this.logger.error({ err: error }, 'the subscription to large values failed');
      },
    });
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  private async receive(message: Msg): Promise<void> {
    if (this.atOnce >= MAX_AT_ONCE) return respond(message, 'busy');
    this.atOnce += 1;
    try {
      await this.answer(message);
    } catch (error) {
      this.logger.warn({ subject: message.subject, error: describeError(error) }, 'a piece of a large value could not be stored or given');
      respond(message, 'busy');
    } finally {
      this.atOnce -= 1;
    }
  }

  private async answer(message: Msg): Promise<void> {
    const address = readAddress(message);
    if (address === null || message.data.length > VALUE_CHUNK_BYTES) {
      this.logger.warn({ subject: message.subject }, 'a request for a large value was not understood');
      return respond(message, 'refused');
    }
    const { put, queue } = VALUES.read(message.subject);
    if (put) return respond(message, (await putPiece(this.pool, address, queue, message.data)) ? 'done' : 'refused');
    const { holds, data } = await getPiece(this.pool, address, queue);
    if (!holds) return respond(message, 'refused');
    if (data === null) return respond(message, 'missing');
    respond(message, 'done', data);
  }
}

const readAddress = (message: Msg): ValueAddress | null => {
  try {
    return ValueAddress.parse(JSON.parse(message.headers?.get(VALUES.addressHeader) ?? ''));
  } catch {
    return null;
  }
};

const respond = (message: Msg, outcome: ValueOutcome, data: Uint8Array = new Uint8Array()): void => {
  const named = headers();
  named.set(VALUES.outcomeHeader, outcome);
  message.respond(data, { headers: named });
};
