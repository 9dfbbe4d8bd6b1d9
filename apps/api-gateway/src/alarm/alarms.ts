import { randomUUID } from 'node:crypto';
import { actorOf, type Principal } from '@orderlines/auth';
import type { AlarmPage, AlarmQuery, AlarmView, DomainEvent } from '@orderlines/contracts';
import { audit, insertEvent, listAlarms } from '@orderlines/persistence';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { requireId } from '../instance/instances.js';
import { notFound } from '../problems/request-refused.js';

/** Runs that ended badly, and who has taken note of it. */
export class Alarms {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
  ) {}

  /** Alarms of runs that the principal may see, newer ones first. */
  list({ cursor, limit, ...filter }: AlarmQuery, { rights }: Principal): Promise<AlarmPage> {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    return listAlarms(this.pool, { ...given, limits: rights.limits('read', 'Instance') }, { limit, ...(cursor && { cursor }) });
  }

  /** Notes that somebody has seen an alarm; the first one to do so stays named, the newest remark holds. */
  async acknowledge(id: string, remark: string, principal: Principal): Promise<AlarmView> {
    const instanceId = requireId(id);
    const before = await this.find(instanceId, principal);
    if (!before) throw notFound('alarm.not-found', `The run ${instanceId} has not ended badly, so there is no alarm to acknowledge.`);
    await this.manager.transaction(async (manager) => {
      await manager.query(
        `insert into runtime.alarm_acknowledgement (process_instance_id, generation, by_user, remark)
         select id, generation, $2, $3 from runtime.process_instance where id = $1
         on conflict (process_instance_id) do update set remark = excluded.remark, generation = excluded.generation,
           by_user = case when alarm_acknowledgement.generation = excluded.generation then alarm_acknowledgement.by_user else excluded.by_user end,
           at = case when alarm_acknowledgement.generation = excluded.generation then alarm_acknowledgement.at else now() end`,
        [instanceId, actorOf(principal), remark],
      );
      await audit.record(manager, {
        action: 'alarm.acknowledge',
        subject: { kind: 'Instance', id: instanceId, name: `${before.process} #${before.number}`, namespace: before.namespace },
        before: { state: before.state, remark: before.remark },
        after: { state: 'acknowledged', remark },
      });
      await insertEvent(manager, acknowledged(before, remark, actorOf(principal)), 'service:api-gateway');
    });
    return (await this.find(instanceId, principal)) ?? before;
  }

  private async find(instanceId: string, { rights }: Principal): Promise<AlarmView | undefined> {
    const { items } = await listAlarms(this.pool, { instanceId, limits: rights.limits('read', 'Instance') }, { limit: 1 });
    return items[0];
  }
}

/** The fact that triggers hear. */
const acknowledged = ({ instanceId, namespace, process, number, kind }: AlarmView, remark: string, by: string): DomainEvent => ({
  specversion: '1.0',
  id: randomUUID(),
  source: `orderlines/${namespace}/${process}`,
  type: 'orderlines.alarm.acknowledged',
  subject: instanceId,
  time: new Date().toISOString(),
  namespace,
  datacontenttype: 'application/json',
  data: { instanceId, number, namespace, process, kind, by, remark },
});
