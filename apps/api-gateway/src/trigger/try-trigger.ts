import { randomUUID } from 'node:crypto';
import { cleanJson, DomainEvent, WebhookEvent, type JsonObject, type TriedTrigger, type TriggerView } from '@orderlines/contracts';
import { concerns, judgeEvent, mapParams, type Judgement } from '@orderlines/triggers';
import { invalidRequest } from '../http/invalid-request.js';
import { requireRule } from './trigger-check.js';

const NOTHING = { params: null, key: null } as const;

/** What a trigger would make of an event: judged as schedulers do it, stored nowhere. */
export const tryTrigger = (trigger: TriggerView, given: JsonObject): TriedTrigger => {
  const { id, namespace, name } = trigger;
  const rule = requireRule(trigger);
  const event = eventOf(trigger, given);
  const type = typeof event['type'] === 'string' ? event['type'] : '';
  if (!concerns(rule, type)) {
    return { matches: false, reason: 'type', message: `no pattern of the trigger fits \`${type}\``, ...NOTHING };
  }
  const judgement = judgeEvent(rule, event, { id, namespace, name });
  if (judgement.role === 'filtered' || judgement.role === 'failed') {
    return { matches: false, reason: judgement.reason, message: judgement.message, ...NOTHING };
  }
  const absence = rule.absence === null ? {} : { absence: { since: new Date().toISOString(), until: new Date().toISOString() } };
  const mapped = mapParams(rule, { event, events: [event], ...absence }, { id, namespace, name });
  const { key } = judgement;
  if ('obstacle' in mapped) return { matches: true, ...mapped.obstacle, params: null, key };
  return { matches: true, ...consequenceOf(judgement, rule.debounce !== null), params: mapped.params, key };
};

/** Why a start would not come at once. */
const consequenceOf = ({ role }: Judgement, isDebounced: boolean): Pick<TriedTrigger, 'reason' | 'message'> => {
  if (role === 'expected') return { reason: 'expected', message: 'it has happened: nothing is missing' };
  if (role === 'awaits') return { reason: 'awaits', message: 'from now on something has to follow; else it starts' };
  return isDebounced ? { reason: 'debounced', message: 'it starts when it was quiet for a while' } : { reason: null, message: null };
};

/** The event that is tried, with what it does not say filled in. */
const eventOf = ({ kind, namespace }: TriggerView, given: JsonObject): JsonObject => {
  const time = new Date().toISOString();
  if (kind === 'webhook') {
    const { id, time: told, ...request } = given;
    return cleanJson({ id: id ?? randomUUID(), time: told ?? time, ...parsed(WebhookEvent.strict(), request) });
  }
  const filled = { specversion: '1.0', id: randomUUID(), source: 'try', subject: '', time, namespace, data: {}, ...given };
  return cleanJson(parsed(DomainEvent, filled) as unknown as JsonObject);
};

const parsed = <Value>(
  schema: { safeParse(value: unknown): { success: true; data: Value } | { success: false; error: { issues: readonly Issue[] } } },
  value: unknown,
): Value => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.map(({ message, path }) => ({ message, path: ['event', ...path] })));
};

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}
