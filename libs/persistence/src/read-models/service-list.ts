import type { ServiceView } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { SERVICE_NODE_LIVE_MS } from '../services/service-node.js';

interface ServiceRow {
  readonly id: string;
  readonly role: string;
  readonly host: string;
  readonly address: string | null;
  readonly version: string;
  readonly alive: boolean;
  readonly started_at: Date;
  readonly seen_at: Date;
}

/** Services that are up, and those that fell silent within the hour, by role and start. */
export const listServices = async (manager: EntityManager): Promise<ServiceView[]> => {
  const rows = await manager.query<ServiceRow[]>(
    `select id, role, host, address, version, started_at, seen_at, seen_at > now() - $1::int * interval '1 millisecond' as alive
      from system.service_node order by role, started_at limit 1000`,
    [SERVICE_NODE_LIVE_MS],
  );
  return rows.map(({ started_at, seen_at, ...row }) => ({ ...row, startedAt: started_at.toISOString(), seenAt: seen_at.toISOString() }));
};
