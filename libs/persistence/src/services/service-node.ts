import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { repeat, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';

/** How often a service says that it is up. */
export const SERVICE_NODE_INTERVAL_MS = 5_000;
/** A row that was not refreshed for this long belongs to a dead service. */
export const SERVICE_NODE_LIVE_MS = 15_000;
/** Rows older than this are removed by whoever comes by, unless somebody has to announce what is missing first. */
const FORGET_MS = 3_600_000;

const SEEN = `insert into system.service_node (id, role, host, address, version, started_at, seen_at, unannounced_since)
  values ($1, $2, $3, $4, $5, now(), now(), $6)
  on conflict (id) do update set seen_at = now(), unannounced_since = excluded.unannounced_since`;
/** Without an address nobody asks a service any more; its row is left to whoever announces what it could not. */
const LEFT = `with gone as (delete from system.service_node where id = $1 and $2::timestamptz is null)
  update system.service_node set address = null, seen_at = now(), unannounced_since = $2 where id = $1 and $2::timestamptz is not null`;

/** What a service says of itself. */
export interface ServiceNodeDescription {
  readonly role: string;
  /** host:port of its gRPC door; null: it has none. */
  readonly address: string | null;
  readonly version: string;
  /** Time of the oldest fact that it could not announce yet, epoch milliseconds; null: there is none. */
  readonly unannouncedSince?: () => number | null;
}

/** A running service's row in `system.service_node`; the row goes when the service closes, unless facts of its are unannounced. */
export interface ServiceNode {
  readonly id: string;
  close(): Promise<void>;
}

/** Says every five seconds that this service is up; the database being away is logged and tried again. */
export const registerServiceNode = async (pool: Pool, logger: Logger, node: ServiceNodeDescription): Promise<ServiceNode> => {
  const id = randomUUID();
  const unannouncedSince = (): Date | null => {
    const since = node.unannouncedSince?.() ?? null;
    return since === null ? null : new Date(since);
  };
  const sayOnce = async () => {
    try {
      await pool.query({
        name: 'service-node-seen',
        text: SEEN,
        values: [id, node.role, hostname(), node.address, node.version, unannouncedSince()],
      });
      await pool.query({
        name: 'service-node-forget',
        text: `delete from system.service_node where unannounced_since is null and seen_at < now() - $1::int * interval '1 millisecond'`,
        values: [FORGET_MS],
      });
    } catch (error) {
      logger.warn({ err: error }, 'could not refresh the row of this service');
    }
  };
  await sayOnce();
  const repetition = repeat({ everyMs: SERVICE_NODE_INTERVAL_MS, round: sayOnce, failed: () => undefined });
  return {
    id,
    close: async () => {
      await repetition.stop();
      await pool.query(LEFT, [id, unannouncedSince()]).catch(() => undefined);
    },
  };
};

/** Addresses of the live services of a role, newest sign of life first. */
export const liveServiceAddresses = async (pool: Pool, role: string): Promise<string[]> => {
  const { rows } = await pool.query<{ address: string }>({
    name: 'service-node-live',
    text: `select address from system.service_node
      where role = $1 and address is not null and seen_at > now() - $2::int * interval '1 millisecond' order by seen_at desc`,
    values: [role, SERVICE_NODE_LIVE_MS],
  });
  return rows.map((row) => row.address);
};
