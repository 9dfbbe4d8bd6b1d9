import { z } from 'zod';
import { DomainEvent, EventType } from '../domain-event.js';
import { AnyJson } from '../json.js';
import { pageOf, pageQuery } from './paging.js';

/** Most events of one request. */
export const MAX_EVENTS = 100;

/** An event that somebody outside tells: a push, an artifact, an alert. */
export const PublishedEventBody = z
  .strictObject({
    namespace: z.string().min(1).max(64).default('default').describe('Whose triggers hear it.'),
    type: EventType.describe('Never `orderlines.…`: these the platform says itself.'),
    id: z.string().min(1).max(200).optional().describe('The same id of the same source is the same event; absent: a new one.'),
    source: z.string().min(1).max(300).optional().describe('Absent: `user/<name>`.'),
    subject: z.string().max(300).default(''),
    time: z.iso.datetime({ offset: true }).optional().describe('Absent: now.'),
    data: AnyJson.default({}),
  })
  .meta({ id: 'PublishedEvent' });
/** An event that somebody outside tells. */
export type PublishedEventBody = z.infer<typeof PublishedEventBody>;

/** Body of `POST events`: all of them are taken, or none. */
export const PublishEventsBody = z
  .strictObject({ events: z.array(PublishedEventBody).min(1).max(MAX_EVENTS) })
  .meta({ id: 'PublishEvents' });
/** Body of `POST events`. */
export type PublishEventsBody = z.infer<typeof PublishEventsBody>;

/** What became of published events. */
export const EventsTaken = z
  .object({
    events: z.array(
      z.object({ id: z.string(), source: z.string(), known: z.boolean().describe('True: it was published before, and is not again.') }),
    ),
  })
  .meta({ id: 'EventsTaken' });
/** What became of published events. */
export type EventsTaken = z.infer<typeof EventsTaken>;

/** An event that somebody published, with who did. */
export const EventView = DomainEvent.omit({ specversion: true, datacontenttype: true })
  .extend({ publishedBy: z.string(), publishedAt: z.iso.datetime().nullable().describe('Null: on its way.') })
  .meta({ id: 'EventView' });
/** An event that somebody published. */
export type EventView = z.infer<typeof EventView>;

/** A page of events, newest first. */
export const EventPage = pageOf('EventPage', EventView);
/** A page of events. */
export type EventPage = z.infer<typeof EventPage>;

/** Query of `GET events`. */
export const EventQuery = z.object({
  ...pageQuery,
  namespace: z.string().max(64).optional(),
  type: EventType.optional(),
});
/** Query of `GET events`. */
export type EventQuery = z.infer<typeof EventQuery>;
