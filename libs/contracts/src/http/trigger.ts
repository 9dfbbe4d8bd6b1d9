import { z } from 'zod';
import { EventTypePattern } from '../domain-event.js';
import { AnyJson, AnyJsonObject } from '../json.js';
import { ScheduleName } from './schedule.js';
import { pageOf, pageQuery } from './paging.js';

/** What a trigger hears: requests to an address of its own, or events of its namespace. */
export const TRIGGER_KINDS = ['webhook', 'event'] as const;
/** What a trigger hears. */
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** How a webhook knows that a request comes from whom it says: `hmac` is Standard Webhooks, signed with id and time. */
export const SIGNATURE_STYLES = ['none', 'github', 'gitlab', 'hmac'] as const;
/** How a webhook knows that a request comes from whom it says. */
export type SignatureStyle = (typeof SIGNATURE_STYLES)[number];

/** What came of an event at a trigger. `received` and `starting` are on their way, the others stay. */
export const EVALUATION_OUTCOMES = [
  'received',
  'starting',
  'started',
  'filtered',
  'debounced',
  'noted',
  'refused',
  'failed',
  'duplicate',
] as const;
/** What came of an event at a trigger. */
export type EvaluationOutcome = (typeof EVALUATION_OUTCOMES)[number];

/** Largest body of a webhook request, bytes. */
export const MAX_WEBHOOK_BYTES = 1024 * 1024;
/** Most events that a debounced start is given. */
export const MAX_DEBOUNCED_EVENTS = 100;
/** How often a run may be started by an event of a run that was started by an event of a run, and so on. */
export const MAX_TRIGGER_DEPTH = 8;

const namespace = z.string().min(1).max(64).default('default');
const duration = z.string().min(1).max(64);
const expression = z.string().max(8_192);
const types = z.array(EventTypePattern).min(1).max(20);

/** How requests of a webhook are signed. */
export const WebhookSignature = z
  .strictObject({
    style: z.enum(SIGNATURE_STYLES).default('none'),
    secret: z.string().max(128).nullable().default(null).describe('Name of the secret of the namespace that both sides know.'),
    tolerance: duration.default('5m').describe('`hmac`: requests signed longer ago than this, or in the future, are refused.'),
  })
  .meta({ id: 'WebhookSignature' });
/** How requests of a webhook are signed. */
export type WebhookSignature = z.infer<typeof WebhookSignature>;

/** Several events make one start, after it was quiet for a while. */
export const TriggerDebounce = z
  .strictObject({
    quiet: duration.describe('It starts when no further event came for this long.'),
    atMost: duration.default('10m').describe('It starts this long after the first event, quiet or not.'),
    give: z.enum(['last', 'all']).default('last').describe('`event` is the last one; with `all` the list `events` has all of them.'),
    by: expression.default('').describe('Events with the same value of this expression belong together; empty: all of them.'),
  })
  .meta({ id: 'TriggerDebounce' });
/** Several events make one start. */
export type TriggerDebounce = z.infer<typeof TriggerDebounce>;

/** The trigger starts when its events do **not** happen. Give `within`, alone or with `after`; or a `deadline`. */
export const TriggerAbsence = z
  .strictObject({
    within: duration.nullable().default(null).describe('Since `after`, or else since the last such event, start or change of the trigger.'),
    after: z
      .strictObject({ types, filter: expression.default('') })
      .nullable()
      .default(null)
      .describe('The event after which another one has to follow.'),
    deadline: z
      .strictObject({ cron: z.string().min(1).max(200), zone: z.string().min(1).max(64).default('UTC') })
      .nullable()
      .default(null)
      .describe('It has to happen between each two times of this cron.'),
    by: expression.default('').describe('Only events with the same value of this expression answer each other (with `after`).'),
  })
  .meta({ id: 'TriggerAbsence' });
/** The trigger starts when its events do not happen. */
export type TriggerAbsence = z.infer<typeof TriggerAbsence>;

/** What a trigger of kind `event` waits for. */
export const EventRule = z
  .strictObject({
    types: types.describe('Patterns of types; one that fits is enough.'),
    debounce: TriggerDebounce.nullable().default(null),
    absence: TriggerAbsence.nullable().default(null),
  })
  .meta({ id: 'EventRule' });
/** What a trigger of kind `event` waits for. */
export type EventRule = z.infer<typeof EventRule>;

const settings = {
  description: z.string().max(1_000).default(''),
  labels: z.record(z.string().min(1).max(63), z.string().max(255)).default({}),
  process: z.string().min(1).max(300).describe('Id of the process or `namespace/name`; with `@version` it stays with that version.'),
  filter: expression.default('').describe('CEL over `event`; only what it is true for goes on. Empty: everything.'),
  params: AnyJsonObject.default({}).describe('Params of the run; expressions read `event`, `events` and `trigger`.'),
  maxPerMinute: z.int().min(1).max(6_000).default(60).describe('Starts, and requests of a webhook; what is above is refused.'),
  webhook: z
    .strictObject({ signature: WebhookSignature.prefault({}) })
    .nullable()
    .default(null),
  event: EventRule.nullable().default(null),
};

/** That a trigger hears one kind of things, as `refine` takes it. */
export const HEARS_ONE_KIND = [
  ({ webhook, event }: { readonly webhook: unknown; readonly event: unknown }): boolean => (webhook === null) !== (event === null),
  { message: 'a trigger has either `webhook` or `event`', path: ['event'] as PropertyKey[] },
] as const;

/** Body of `PUT triggers/{trigger}`. */
export const TriggerSettings = z
  .strictObject(settings)
  .refine(...HEARS_ONE_KIND)
  .meta({ id: 'TriggerSettings' });
/** Body of `PUT triggers/{trigger}`. */
export type TriggerSettings = z.infer<typeof TriggerSettings>;

/** Body of `POST triggers`. */
export const TriggerBody = z
  .strictObject({ namespace, name: ScheduleName, ...settings, enabled: z.boolean().default(true), note: z.string().max(500).default('') })
  .refine(...HEARS_ONE_KIND)
  .meta({ id: 'Trigger' });
/** Body of `POST triggers`. */
export type TriggerBody = z.infer<typeof TriggerBody>;

const moment = z.iso.datetime();

/** A trigger in a list. */
export const TriggerView = z
  .object({
    id: z.uuid(),
    namespace: z.string(),
    name: z.string(),
    kind: z.enum(TRIGGER_KINDS),
    ...settings,
    processId: z.uuid(),
    enabled: z.boolean(),
    note: z.string().describe('Why it is disabled.'),
    stateBy: z.string().describe('Who enabled or disabled it.'),
    stateAt: moment,
    tokenHint: z.string().nullable().describe('First characters of the token of its address, to tell an old one from a new one.'),
    createdBy: z.string(),
    createdAt: moment,
    updatedBy: z.string(),
    updatedAt: moment,
  })
  .meta({ id: 'TriggerView' });
/** A trigger in a list. */
export type TriggerView = z.infer<typeof TriggerView>;

/** A trigger with what came of its events. */
export const TriggerDetail = TriggerView.extend({
  counts: z.partialRecord(z.enum(EVALUATION_OUTCOMES), z.int()).describe('Evaluations that are kept, by outcome.'),
  timers: z
    .array(z.object({ key: z.string(), dueAt: moment, events: z.int().describe('Events collected so far.') }))
    .describe('What it waits for: quiet times and absences that run now, the next ones first, 100 at most.'),
}).meta({ id: 'TriggerDetail' });
/** A trigger with what came of its events. */
export type TriggerDetail = z.infer<typeof TriggerDetail>;

/** A trigger with the address of its webhook, which is shown only now. */
export const TriggerWithAddress = TriggerView.extend({
  path: z.string().nullable().describe('Path of the webhook, with its secret token; it cannot be asked for again, only rotated.'),
}).meta({ id: 'TriggerWithAddress' });
/** A trigger with the address of its webhook. */
export type TriggerWithAddress = z.infer<typeof TriggerWithAddress>;

/** A page of triggers. */
export const TriggerPage = pageOf('TriggerPage', TriggerView);
/** A page of triggers. */
export type TriggerPage = z.infer<typeof TriggerPage>;

/** Query of `GET triggers`. */
export const TriggerQuery = z.object({
  ...pageQuery,
  namespace: z.string().max(64).optional(),
  name: z.string().max(64).optional().describe('Any part of the name, whatever its case.'),
  process: z.string().max(300).optional(),
  kind: z.enum(TRIGGER_KINDS).optional(),
  enabled: z.stringbool().optional(),
});
/** Query of `GET triggers`. */
export type TriggerQuery = z.infer<typeof TriggerQuery>;

/** Body of `POST triggers/{trigger}/disable`. */
export const DisableTriggerBody = z.strictObject({ note: z.string().max(500).default('') }).meta({ id: 'DisableTrigger' });
/** Body of `POST triggers/{trigger}/disable`. */
export type DisableTriggerBody = z.infer<typeof DisableTriggerBody>;

/** A request as filters and mappings of a webhook see it. */
export const WebhookEvent = z
  .object({
    body: AnyJson.default(null).describe('JSON as it is, a form as an object of its fields, anything else as text.'),
    headers: z.record(z.string(), z.string()).default({}).describe('Names in lower case; without what is secret in them.'),
    query: z.record(z.string(), z.string()).default({}),
    method: z.string().default('POST'),
  })
  .meta({ id: 'WebhookEvent' });
/** A request as filters and mappings of a webhook see it. */
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** Body of `POST triggers/{trigger}/try`. */
export const TryTriggerBody = z
  .strictObject({
    event: AnyJsonObject.describe('What would come: of a webhook `body`, `headers` and `query`, of an event `type`, `subject` and `data`.'),
  })
  .meta({ id: 'TryTrigger' });
/** Body of `POST triggers/{trigger}/try`. */
export type TryTriggerBody = z.infer<typeof TryTriggerBody>;

/** What a trigger would make of an event; nothing is stored or started. */
export const TriedTrigger = z
  .object({
    matches: z.boolean().describe('The type fits and the filter is true.'),
    reason: z.string().nullable().describe('Stable code of why nothing would start now.'),
    message: z.string().nullable(),
    params: AnyJsonObject.nullable().describe('What the run would be started with.'),
    key: z.string().nullable().describe('What `by` gives.'),
  })
  .meta({ id: 'TriedTrigger' });
/** What a trigger would make of an event. */
export type TriedTrigger = z.infer<typeof TriedTrigger>;

/** A row of what a trigger decided. */
export const EvaluationView = z
  .object({
    id: z.uuid(),
    triggerId: z.uuid(),
    eventId: z.string().describe('Id of the event or delivery; a repeated one starts nothing.'),
    eventType: z.string(),
    eventAt: moment,
    outcome: z.enum(EVALUATION_OUTCOMES),
    reason: z.string().nullable().describe('Stable code of why nothing was started.'),
    message: z.string().nullable(),
    excerpt: z.string().describe('The beginning of the event, with what looks like a secret left out.'),
    depth: z.int().describe('How many runs started by triggers led to it.'),
    instanceId: z.uuid().nullable(),
    createdAt: moment,
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'TriggerEvaluation' });
/** A row of what a trigger decided. */
export type EvaluationView = z.infer<typeof EvaluationView>;

/** A page of evaluations, newest first. */
export const EvaluationPage = pageOf('TriggerEvaluationPage', EvaluationView);
/** A page of evaluations. */
export type EvaluationPage = z.infer<typeof EvaluationPage>;

/** Query of `GET triggers/{trigger}/evaluations`. */
export const EvaluationQuery = z.object({
  ...pageQuery,
  outcome: z.enum(EVALUATION_OUTCOMES).optional(),
  instance: z.uuid().optional().describe('The one that started this run.'),
});
/** Query of `GET triggers/{trigger}/evaluations`. */
export type EvaluationQuery = z.infer<typeof EvaluationQuery>;

/** What a webhook answers: the request was taken, and what comes of it stands in the evaluation. */
export const WebhookTaken = z.object({ evaluation: z.uuid(), duplicate: z.boolean() }).meta({ id: 'WebhookTaken' });
/** What a webhook answers. */
export type WebhookTaken = z.infer<typeof WebhookTaken>;
