import { judgeEvent } from '@orderlines/triggers';
import type { Pool } from 'pg';
import type { Clock } from '../clock.js';
import { inTransaction } from '../transaction.js';
import { verdictOf, UNREADABLE, type Verdict } from './verdict.js';
import { settleReceived, takeReceived, type ReceivedRequest } from './evaluations.sql.js';
import type { TriggerRules } from './trigger-rules.js';

const AT_ONCE = 100;

/** Judges requests that gateways took for webhooks. Any number of schedulers do it at once: each takes requests that no other holds. */
export class ReceivedRequests {
  constructor(
    private readonly pool: Pool,
    private readonly rules: TriggerRules,
    private readonly clock: Clock,
  ) {}

  /** One look; gives the number of runs to start, and whether there may be more requests. */
  judge(): Promise<{ readonly toStart: number; readonly isMore: boolean }> {
    return inTransaction(this.pool, async (client) => {
      const received = await takeReceived(client, AT_ONCE);
      const settled = received.map((request) => ({ id: request.evaluationId, verdict: this.verdict(request) }));
      await settleReceived(client, settled, this.clock.now());
      return { toStart: settled.filter(({ verdict }) => verdict.outcome === 'starting').length, isMore: received.length === AT_ONCE };
    });
  }

  private verdict({ trigger, event, isEnabled }: ReceivedRequest): Verdict {
    if (!isEnabled) return { outcome: 'refused', reason: 'webhook.disabled', message: 'the trigger was disabled or removed meanwhile' };
    const rule = this.rules.of(trigger);
    if (rule === null) return UNREADABLE;
    return verdictOf(judgeEvent(rule, event, trigger), trigger, rule, event, 0);
  }
}
