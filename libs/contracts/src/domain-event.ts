import { z } from 'zod';
import { AnyJson } from './json.js';

/** Types that begin so are facts of the platform itself: nobody outside may say them. */
export const PLATFORM_EVENTS = 'orderlines.';

/** Types of the facts that the platform publishes. */
export const PLATFORM_EVENT_TYPES = [
  'orderlines.instance.queued',
  'orderlines.instance.running',
  'orderlines.instance.paused',
  'orderlines.instance.succeeded',
  'orderlines.instance.failed',
  'orderlines.instance.stopped',
  'orderlines.alarm.opened',
  'orderlines.alarm.acknowledged',
] as const;

const WORD = '[a-z0-9][a-z0-9_-]*';
const TYPE = new RegExp(`^${WORD}(\\.${WORD})*$`);
const PATTERN = new RegExp(`^(${WORD}|\\*)(\\.(${WORD}|\\*))*$`);

/** Type of an event: lower-case words with dots between them, `orders.file.arrived`. */
export const EventType = z
  .string()
  .max(200)
  .regex(TYPE, 'a type is made of lower-case words with dots between them, such as `orders.file.arrived`');

/** Pattern of types: `*` stands for one word, at the end for any number of them. */
export const EventTypePattern = z
  .string()
  .max(200)
  .regex(PATTERN, 'a pattern is a type, such as `orders.file.arrived`; `*` stands for one of its words, at the end for all that follow');

const name = z.string().min(1).max(300);

/** A fact that triggers may wait for (CloudEvents 1.0, with `namespace` as an extension). */
export const DomainEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string().min(1).max(200).describe('Two events of a source with the same id are the same event.'),
    type: EventType,
    source: name.describe('Who says it: `orderlines/<namespace>/<process>`, or what its sender calls itself.'),
    subject: z.string().max(300).default('').describe('What it is about.'),
    time: z.iso.datetime({ offset: true }),
    namespace: z.string().min(1).max(64).describe('Whose triggers hear it.'),
    datacontenttype: z.literal('application/json').default('application/json'),
    data: AnyJson,
  })
  .meta({ id: 'DomainEvent' });
/** A fact that triggers may wait for. */
export type DomainEvent = z.infer<typeof DomainEvent>;
