import type { Pool, PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { Clock } from '../clock.js';
import { inTransaction } from '../transaction.js';

const BACKFILLS_AT_ONCE = 50;

interface Row {
  id: string;
  schedule_id: string;
  max_active: number;
  begun: number;
  slots: number;
  active: number;
}

/** Brings the slots of backfills into the ledger, as many at a time as each may have running. */
export class Backfills {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /** One look; gives the number of slots whose runs are to be started. */
  async advance(): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      let begun = 0;
      for (const backfill of await this.lock(client)) begun += await this.advanceOne(client, backfill);
      return begun;
    });
  }

  private async lock(client: PoolClient): Promise<Row[]> {
    const { rows: locked } = await client.query<{ id: string }>({
      name: 'lock-backfills',
      text: `select id from schedule.backfill where state = 'running' limit $1 for update skip locked`,
      values: [BACKFILLS_AT_ONCE],
    });
    if (locked.length === 0) return [];
    const { rows } = await client.query<Row>({
      name: 'read-backfills',
      text: `select b.id, b.schedule_id, b.max_active, b.begun, cardinality(b.slots) as slots,
          (select count(*) from schedule.slot o where o.schedule_id = b.schedule_id and o.series = 'backfill:' || b.id
            and o.status in ('confirming', 'confirmed', 'waiting', 'starting', 'running'))::int as active
        from schedule.backfill b where b.id = any($1::uuid[])`,
      values: [locked.map(({ id }) => id)],
    });
    return rows;
  }

  private async advanceOne(client: PoolClient, backfill: Row): Promise<number> {
    const { id, active, begun, slots } = backfill;
    const now = new Date(this.clock.now());
    if (begun >= slots) {
      if (active === 0) await client.query(`update schedule.backfill set state = 'done', finished_at = $2 where id = $1`, [id, now]);
      return 0;
    }
    const count = Math.min(backfill.max_active - active, slots - begun);
    if (count <= 0) return 0;
    const ids = Array.from({ length: count }, () => uuidV7());
    await client.query({ ...INSERT, values: [id, ids, begun, now] });
    await client.query('update schedule.backfill set begun = begun + $2 where id = $1', [id, count]);
    return count;
  }
}

const INSERT = {
  name: 'insert-backfill-slots',
  text: `insert into schedule.slot (id, schedule_id, series, slot_at, due_at, status, params, retry_at, created_at)
    select n.id, s.id, 'backfill:' || b.id, b.slots[$3 + n.place], $4, 'starting', s.params, $4, $4
    from unnest($2::uuid[]) with ordinality as n (id, place), schedule.backfill b join schedule.schedule s on s.id = b.schedule_id
    where b.id = $1 on conflict (schedule_id, series, slot_at) do nothing`,
};
