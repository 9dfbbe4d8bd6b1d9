import type { DomainEvent, JsonObject } from '@orderlines/contracts';
import { answered, awaitAfter, collect, concerns, judgeEvent, type Judgement, type TriggerRule } from '@orderlines/triggers';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../clock.js';
import { inTransaction } from '../transaction.js';
import { StartAllowance, verdictOf } from './verdict.js';
import { hasFollowed, insertEvaluations, type EvaluationWrite } from './evaluations.sql.js';
import { holdTriggers, readDepths, readHearing, readStartsOfMinute, type StoredTrigger } from './hearing.sql.js';
import { readTimer, writeTimer, type KeptTimer } from './timers.sql.js';
import type { TriggerRules } from './trigger-rules.js';

/** An event at a trigger. */
interface Heard {
  readonly event: DomainEvent;
  readonly trigger: StoredTrigger;
  readonly rule: TriggerRule;
  readonly judgement: Judgement;
  readonly depth: number;
}

/** Judges events by the triggers of their namespaces. An event may come any number of times, to any scheduler: each trigger takes it once. */
export class HeardEvents {
  constructor(
    private readonly pool: Pool,
    private readonly rules: TriggerRules,
    private readonly clock: Clock,
  ) {}

  /** Judges events; when it returns, what came of them is stored. Gives the number of runs that are to be started. */
  take(events: readonly DomainEvent[]): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      const heard = await this.judge(client, events);
      if (heard.length === 0) return 0;
      const now = this.clock.now();
      const ids = [...new Set(heard.map(({ trigger }) => trigger.id))];
      await holdTriggers(client, ids);
      const allowance = new StartAllowance(await readStartsOfMinute(client, ids, now));
      const writes = heard.map((one) => writeOf(one, allowance));
      const isNew = await insertEvaluations(client, writes, now);
      for (const [position, one] of heard.entries()) if (isNew.has(position)) await this.moveTimer(client, one, now);
      return writes.filter(({ verdict }, position) => verdict.outcome === 'starting' && isNew.has(position)).length;
    });
  }

  /** The triggers that events concern, in the order of the events. */
  private async judge(client: PoolClient, events: readonly DomainEvent[]): Promise<Heard[]> {
    const triggers = await readHearing(client, [...new Set(events.map(({ namespace }) => namespace))]);
    const concerned = events.flatMap((event) =>
      triggers.flatMap((trigger) => {
        const rule = this.rules.of(trigger);
        const isIts = trigger.namespace === event.namespace && Date.parse(event.time) >= trigger.activeSince.getTime();
        return rule !== null && isIts && concerns(rule, event.type) ? [{ event, trigger, rule }] : [];
      }),
    );
    const depths = await readDepths(client, [...new Set(concerned.flatMap(({ event }) => runOf(event) ?? []))]);
    return concerned
      .toSorted((one, other) => Date.parse(one.event.time) - Date.parse(other.event.time))
      .map(({ event, trigger, rule }) => {
        const judgement = judgeEvent(rule, event as unknown as JsonObject, trigger);
        return { event, trigger, rule, judgement, depth: depths.get(runOf(event) ?? '') ?? 0 };
      });
  }

  /** What the trigger waits for after an event that is new to it. */
  private async moveTimer(client: PoolClient, { event, trigger, rule, judgement, depth }: Heard, now: number): Promise<void> {
    if (judgement.role === 'filtered' || judgement.role === 'failed') return;
    const { debounce, absence } = rule;
    if (debounce === null && absence === null) return;
    const place = { triggerId: trigger.id, key: judgement.key };
    const timed = { event: event as unknown as JsonObject, at: Date.parse(event.time) };
    const timer = await readTimer(client, place);
    const kept = (next: Omit<KeptTimer, 'depth'> | null) => next && { ...next, depth: Math.max(depth, timer?.depth ?? 0) };
    if (debounce !== null) return writeTimer(client, place, kept(collect(timer, timed, debounce, now)));
    if (absence === null) return;
    if (judgement.role === 'expected') return writeTimer(client, place, kept(answered(timer, timed, absence)));
    if (absence.kind !== 'after' || (await hasFollowed(client, place.triggerId, place.key, new Date(timed.at)))) return;
    await writeTimer(client, place, kept(awaitAfter(timer, timed, absence, now)));
  }
}

const writeOf = ({ event, trigger, rule, judgement, depth }: Heard, allowance: StartAllowance): EvaluationWrite => ({
  triggerId: trigger.id,
  key: `${event.source} ${event.id}`,
  type: event.type,
  at: new Date(event.time),
  event: event as unknown as JsonObject,
  correlation: 'key' in judgement ? judgement.key : '',
  depth,
  verdict: allowance.judge(verdictOf(judgement, trigger, rule, event as unknown as JsonObject, depth), trigger),
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The run that an event of the platform tells of. */
const runOf = ({ type, subject }: DomainEvent): string | null =>
  /^orderlines\.(instance|alarm)\./.test(type) && UUID.test(subject) ? subject : null;
