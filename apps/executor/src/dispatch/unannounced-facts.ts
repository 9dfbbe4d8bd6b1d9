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

interface Row extends AnnouncedRun {
  seq: number;
  at: number;
  facts: Fact[];
}

/**
 * `fact`: NATS did not take one that was committed, and is asked again; or a run began, paused, went on or ended shortly before its executor
 * died. Nobody else knows whether that was announced, so it is announced again under the same ids, once for every dead executor. A run that
 * did so is active, or has ended then or just now.
 */
export class UnannouncedFacts implements OutboxPredicate {
  readonly name = 'fact';
  private readonly done = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly announcer: Announcer,
  ) {}

  async repeat(): Promise<void> {
    await this.announcer.repeat();
    const { rows: dead } = await this.pool.query<{ id: string; seenAt: Date }>({
      name: 'dead-executors',
      text: `select id, seen_at as "seenAt" from system.service_node
        where role = 'executor' and seen_at < now() - $1::int * interval '1 millisecond'`,
      values: [SERVICE_NODE_LIVE_MS],
    });
    for (const { id, seenAt } of dead) {
      if (this.done.has(id)) continue;
      await this.announce(seenAt);
      this.done.add(id);
    }
  }

  private async announce(lastSeen: Date): Promise<void> {
    const from = new Date(lastSeen.getTime() - ANNOUNCED_WITHIN_MS);
    const to = new Date(lastSeen.getTime() + ANNOUNCED_WITHIN_MS);
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
        order by p.id, h.seq`,
      values: [from, to, ENDED_JUST_NOW_MS],
    });
    await Promise.all(rows.flatMap((row) => this.announcer.announce(row, row)));
  }
}
