import { MAX_TRIGGER_DEPTH, type EvaluationOutcome, type JsonObject } from '@orderlines/contracts';
import { mapParams, type Judgement, type Obstacle, type ParamRoots, type TriggerRule } from '@orderlines/triggers';
import type { StoredTrigger } from './hearing.sql.js';

/** What is to be written of an evaluation. */
export interface Verdict {
  readonly outcome: EvaluationOutcome;
  readonly reason?: string;
  readonly message?: string;
  /** What its run is started with. */
  readonly params?: JsonObject;
}

/** Of a trigger whose settings this release cannot read. */
export const UNREADABLE: Verdict = {
  outcome: 'failed',
  reason: 'trigger.invalid',
  message: 'its settings cannot be read: save them again',
};

const refused = ({ reason, message }: Obstacle, outcome: 'refused' | 'failed' = 'failed'): Verdict => ({ outcome, reason, message });

/** What comes of an event as a trigger has judged it; params are made only where a start is due at once. */
export const verdictOf = (judgement: Judgement, trigger: StoredTrigger, rule: TriggerRule, event: JsonObject, depth: number): Verdict => {
  switch (judgement.role) {
    case 'filtered':
    case 'failed':
      return { outcome: judgement.role, reason: judgement.reason, message: judgement.message };
    case 'expected':
      return { outcome: 'noted', reason: 'expected', message: 'it has happened' };
    case 'awaits':
      return { outcome: 'noted', reason: 'awaits', message: 'from now on something has to follow' };
    case 'matches':
      if (rule.debounce !== null)
        return { outcome: 'debounced', reason: 'debounced', message: 'it goes with the start after a quiet time' };
      return startVerdict(trigger, rule, { event, events: [event] }, depth);
  }
};

/** What comes of a start that is due now. */
export const startVerdict = (trigger: StoredTrigger, rule: TriggerRule, roots: ParamRoots, depth: number): Verdict => {
  if (depth > MAX_TRIGGER_DEPTH) return refused(LOOP, 'refused');
  const { id, namespace, name } = trigger;
  const mapped = mapParams(rule, roots, { id, namespace, name });
  return 'obstacle' in mapped ? refused(mapped.obstacle) : { outcome: 'starting', params: mapped.params };
};

const LOOP: Obstacle = {
  reason: 'loop',
  message: `more than ${MAX_TRIGGER_DEPTH} runs that triggers started have led to this event: is one of them started by its own end?`,
};

/** Refuses starts above what a trigger may make in a minute, in their order. */
export class StartAllowance {
  private readonly made: Map<string, number>;

  constructor(ofMinute: ReadonlyMap<string, number>) {
    this.made = new Map(ofMinute);
  }

  judge(verdict: Verdict, { id, maxPerMinute }: StoredTrigger): Verdict {
    if (verdict.outcome !== 'starting') return verdict;
    const made = this.made.get(id) ?? 0;
    if (made >= maxPerMinute)
      return refused({ reason: 'throttled', message: `it has made ${maxPerMinute} starts within a minute` }, 'refused');
    this.made.set(id, made + 1);
    return verdict;
  }
}
