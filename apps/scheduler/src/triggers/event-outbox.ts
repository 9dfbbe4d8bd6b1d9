import type { DomainEvent } from '@orderlines/contracts';
import { EVENTS, type Publisher } from '@orderlines/messaging';
import type { Pool } from 'pg';
import { inTransaction } from '../transaction.js';

const AT_ONCE = 200;

/** Publishes events whose rows say that they are to be. A crash between the two repeats one, which its readers know by its id. */
export class EventOutbox {
  constructor(
    private readonly pool: Pool,
    private readonly publisher: Publisher,
  ) {}

  /** One look; gives whether there may be more. */
  publish(): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ id: string; event: DomainEvent }>({
        name: 'take-unpublished-events',
        text: 'select id, event from schedule.event where published_at is null order by id limit $1 for update skip locked',
        values: [AT_ONCE],
      });
      if (rows.length === 0) return false;
      await Promise.all(
        rows.map(({ id, event }) => this.publisher.publish({ subject: EVENTS.published(id), payload: event, messageId: id })),
      );
      await client.query('update schedule.event set published_at = now() where id = any($1::uuid[])', [rows.map(({ id }) => id)]);
      return rows.length === AT_ONCE;
    });
  }
}
