import { DomainEvent } from '@orderlines/contracts';
import {
  decodePayload,
  ensureEventsConsumer,
  EVENTS,
  removeEventsConsumer,
  WorkQueueReader,
  type WorkMessage,
} from '@orderlines/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { HeardEvents } from './heard-events.js';
import { readHearingSince } from './hearing.sql.js';

/** Events that are judged in one transaction. */
const BATCH = 200;
/** Events that are taken before the ones in hand are judged. */
const ROOM = 2 * BATCH;
/** Events that could not be judged now come again after this. */
const AGAIN_MS = 2_000;

/** Reads the stream of events while some trigger hears them, and no longer: nobody else's events cost anything then. */
export class EventReader {
  private reader: WorkQueueReader | undefined;
  private waiting: WorkMessage[] = [];
  private working: Promise<void> | undefined;
  private hearsNothing = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly pool: Pool,
    private readonly heard: HeardEvents,
    /** Told how many runs are to be started. */
    private readonly started: (count: number) => void,
    private readonly logger: Logger,
  ) {}

  /** Begins or ends to read, as there are triggers. */
  async look(): Promise<void> {
    const since = await readHearingSince(this.pool);
    if (since !== null) {
      this.hearsNothing = false;
      this.reader ??= this.open();
    } else if (!this.hearsNothing) {
      await this.close();
      await removeEventsConsumer(this.connection);
      this.hearsNothing = true;
    }
  }

  /** Ends reading; what is in hand is judged. */
  async close(): Promise<void> {
    const { reader } = this;
    this.reader = undefined;
    await reader?.close();
    await this.working;
  }

  private open(): WorkQueueReader {
    return new WorkQueueReader({
      connection: this.connection,
      stream: EVENTS.name,
      durable: EVENTS.durable,
      room: () => ROOM - this.waiting.length,
      onMessage: (message) => {
        this.waiting.push(message);
        this.working ??= this.work().finally(() => (this.working = undefined));
      },
      ensure: async () => ensureEventsConsumer(this.connection, (await readHearingSince(this.pool)) ?? new Date()),
      onProblem: (problem, error) => this.logger.warn({ err: error }, problem),
    });
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      try {
        this.started(await this.heard.take(batch.flatMap((message) => this.read(message) ?? [])));
        for (const message of batch) message.ack();
      } catch (error) {
        this.logger.warn({ err: error, events: batch.length }, 'events could not be judged now; they come again');
        for (const message of batch) message.giveBack(AGAIN_MS);
      }
      this.reader?.poke();
    }
  }

  /** The event of a message; one that is none is told in the log and not read again. */
  private read(message: WorkMessage): DomainEvent | null {
    const decoded = decodePayload(DomainEvent, message.data);
    if (decoded.ok) return decoded.value;
    this.logger.warn({ subject: message.subject, problem: decoded.problem }, 'an event cannot be read');
    return null;
  }
}
