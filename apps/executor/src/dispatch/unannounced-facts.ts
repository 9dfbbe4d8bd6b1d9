import { SERVICE_NODE_LIVE_MS } from '@orderlines/persistence/postgres';
import type { Fact } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { AnnouncedRun } from './announcement.js';
import type { Announcer } from './announcer.js';
import type { OutboxPredicate } from './sweeper.js';

/** An executor announces within this time after a commit, or never. */
const ANNOUNCED_WITHIN_MS = 15_000;

/** A run whose words are looked for may have ended since its executor died, or since the first executor after it began. */
const ENDED_JUST_NOW_MS = 60_000;

/** Facts are read so many steps of runs at a time. */
const PAGE = 2_000;

interface Row extends AnnouncedRun {
  seq: number;
  at: number;
  facts: Fact[];
}

interface DeadExecutor {
  readonly id: string;
  readonly seenAt: Date;
  readonly unannouncedSince: Date | null;
}

/**
 * `fact`: NATS did not take one that was committed, as while it was away; or a run began, paused, went on or ended shortly before its executor
 * died, or while NATS took nothing from that executor. Nobody else knows whether that was announced, so it is announced again from the rows
 * under the same ids, once for every dead executor. A run that did so is active, or has ended then or just now.
 */
export class UnannouncedFacts implements OutboxPredicate {
  readonly name = 'fact';
  private readonly done = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly announcer: Announcer,
  ) {}

  async repeat(): Promise<void> {
    const own = this.announcer.unannouncedSince;
    if (own !== null && (await this.announce(new Date(own), new Date(Date.now() + ANNOUNCED_WITHIN_MS)))) this.announcer.caughtUp();
    const { rows: dead } = await this.pool.query<DeadExecutor>({
      name: 'dead-executors',
      text: `select id, seen_at as "seenAt", unannounced_since as "unannouncedSince" from system.service_node
        where role = 'executor' and (seen_at < now() - $1::int * interval '1 millisecond' or address is null)`,
      values: [SERVICE_NODE_LIVE_MS],
    });
    for (const executor of dead) await this.succeed(executor);
  }

  /** Announces what a dead executor may not have. */
  private async succeed({ id, seenAt, unannouncedSince }: DeadExecutor): Promise<void> {
    if (this.done.has(id)) return;
    const beforeItDied = seenAt.getTime() - ANNOUNCED_WITHIN_MS;
    const from = new Date(Math.min(beforeItDied, unannouncedSince?.getTime() ?? beforeItDied));
    if (!(await this.announce(from, new Date(seenAt.getTime() + ANNOUNCED_WITHIN_MS)))) return;
    this.done.add(id);
    await this.pool.query({
      name: 'announced-for-another',
      text: 'update system.service_node set unannounced_since = null where id = $1',
      values: [id],
    });
  }

  /** Announces what was committed in this time; false: NATS takes nothing, and it is tried again from there. */
  private async announce(from: Date, to: Date): Promise<boolean> {
    const refusedBefore = this.announcer.refused;
    let last: Row | undefined;
    do {
      const rows = await this.read(from, to, last);
      await Promise.all(rows.flatMap((row) => this.announcer.announce(row, row)));
      if (this.announcer.refused > refusedBefore) return false;
      last = rows.length < PAGE ? undefined : rows.at(-1);
    } while (last !== undefined);
    return true;
  }

  private async read(from: Date, to: Date, after: Row | undefined): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'unannounced-facts',
      text: `select p.id, p.namespace, p.process_name as "processName", p.process_version as "processVersion", p.number::float8 as number,
          h.seq::float8 as seq, (extract(epoch from h.at) * 1000)::float8 as at, h.facts
        from (
          select id from runtime.process_instance where finished_at between $1 and $2
          union
          select id from runtime.process_instance where finished_at > now() - $3::int * interval '1 millisecond'
          union
          select id from runtime.process_instance where status in ('PENDING', 'RUNNING', 'PAUSED')
        ) touched
        join runtime.process_instance p on p.id = touched.id
        join runtime.history h on h.process_instance_id = p.id and h.at between $1 and $2
        where $4::uuid is null or (p.id, h.seq) > ($4, $5)
        order by p.id, h.seq limit ${PAGE}`,
      values: [from, to, ENDED_JUST_NOW_MS, after?.id ?? null, after?.seq ?? 0],
    });
    return rows;
  }
}
