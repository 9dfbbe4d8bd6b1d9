import type { JsonObject, ScheduleCallback, SlotStatus } from '@orderlines/contracts';
import { findVersionToRun } from '@orderlines/persistence';
import { evaluateTemplate, ExpressionError, parseTemplate } from '@orderlines/process-engine';
import { ExecutorRefused, type ExecutorClient } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { Clock } from '../clock.js';

const SLOTS_AT_ONCE = 100;
const LEASE_MS = 60_000;

interface SlotToTell {
  id: string;
  schedule_id: string;
  namespace: string;
  name: string;
  callbacks: ScheduleCallback[];
  series: string;
  slot_at: Date;
  due_at: Date;
  status: SlotStatus;
  reason: string | null;
  message: string | null;
  instance_id: string | null;
}

/** Tells of the ends of slots by the processes that schedules name for that; each is started once. */
export class Callbacks {
  constructor(
    private readonly pool: Pool,
    private readonly executor: ExecutorClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Tells of slots that nobody else is telling of. */
  async tell(): Promise<void> {
    for (const slot of await this.take()) {
      for (const [index, callback] of slot.callbacks.entries()) {
        if ((callback.states as readonly SlotStatus[]).includes(slot.status)) await this.start(slot, callback, index);
      }
      await this.pool.query('update schedule.slot set tell_at = null where id = $1', [slot.id]);
    }
  }

  private async take(): Promise<SlotToTell[]> {
    const now = this.clock.now();
    const { rows } = await this.pool.query<SlotToTell>({
      name: 'take-slots-to-tell',
      text: `with taken as (
          update schedule.slot o set tell_at = $2
            from (select id from schedule.slot where tell_at <= $1 order by tell_at limit $3 for update skip locked) due
            where o.id = due.id returning o.*)
        select t.id, t.schedule_id, s.namespace, s.name, s.callbacks, split_part(t.series, ':', 1) as series, t.slot_at, t.due_at, t.status,
          t.reason, t.message, t.instance_id
        from taken t join schedule.schedule s on s.id = t.schedule_id`,
      values: [new Date(now), new Date(now + LEASE_MS), SLOTS_AT_ONCE],
    });
    return rows;
  }

  /** What is wrong with a callback is told in the log: the slot it tells of is as it is. An executor that is away is asked again. */
  private async start(slot: SlotToTell, { process, params }: ScheduleCallback, index: number): Promise<void> {
    try {
      const found = await findVersionToRun(this.pool, ...referenceOf(process));
      if (found?.version?.status !== 'published') {
        this.logger.warn({ slot: slot.id, process }, 'the process of a callback has no published version');
        return;
      }
      await this.executor.startInstance({
        processVersionId: found.version.id,
        paramsJson: JSON.stringify(evaluateTemplate(parseTemplate(params), rootsOf(slot))),
        actor: `schedule:${slot.namespace}/${slot.name}`,
        origin: 'event',
        idempotencyKey: `schedule:${slot.id}:callback:${index}`,
        logicalTime: slot.slot_at.getTime(),
      });
    } catch (error) {
      const isLasting = error instanceof ExpressionError || (error instanceof ExecutorRefused && error.status < 500);
      if (!isLasting) throw error;
      this.logger.warn({ err: error, slot: slot.id, process }, 'a callback could not be started');
    }
  }
}

const referenceOf = (process: string): [reference: string, number?: number] => {
  const [, name, number] = /^(.+)@(\d{1,9})$/.exec(process) ?? [];
  return name === undefined ? [process] : [name, Number(number)];
};

/** What the params of a callback read. */
const rootsOf = (slot: SlotToTell): Record<'schedule' | 'slot' | 'run', JsonObject> => ({
  schedule: { id: slot.schedule_id, namespace: slot.namespace, name: slot.name },
  slot: {
    id: slot.id,
    series: slot.series,
    time: slot.slot_at.toISOString(),
    dueAt: slot.due_at.toISOString(),
    status: slot.status,
    reason: slot.reason ?? '',
    message: slot.message ?? '',
  },
  run: { id: slot.instance_id ?? '' },
});
