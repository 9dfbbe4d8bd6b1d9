import { randomUUID } from 'node:crypto';
import { actorOf, requireRight, type Principal } from '@orderlines/auth';
import {
  cleanJson,
  cleanText,
  PLATFORM_EVENTS,
  type DomainEvent,
  type EventPage,
  type EventQuery,
  type EventsTaken,
  type Problem,
  type PublishEventsBody,
  type PublishedEventBody,
} from '@orderlines/contracts';
import { audit, insertEvent, listEvents } from '@orderlines/persistence';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { RequestRefused } from '../problems/request-refused.js';

/** Largest event, bytes of JSON: a message of the stream has no more room. */
const MAX_EVENT_BYTES = 256 * 1024;

/** Events that somebody tells: stored here, published by schedulers. */
export class Events {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
  ) {}

  /** Takes events, all or none; one that its source has published before is not published again. */
  async publish({ events }: PublishEventsBody, principal: Principal): Promise<EventsTaken> {
    for (const { namespace, type } of events) requireRight(principal, { action: 'send', subject: 'Event' }, { namespace, name: type });
    const problems = events.flatMap(problemsOf);
    if (problems.length > 0) {
      throw new RequestRefused('event.refused', problems.map(({ message }) => message).join('; '), 422, { errors: problems });
    }
    const actor = actorOf(principal);
    const facts = events.map((event) => factOf(event, actor));
    return this.manager.transaction(async (manager) => {
      const taken: EventsTaken['events'] = [];
      for (const fact of facts) {
        const isNew = await insertEvent(manager, fact, actor);
        taken.push({ id: fact.id, source: fact.source, known: !isNew });
        const { id, namespace, type, source, subject } = fact;
        await audit.record(manager, {
          action: 'send',
          subject: { kind: 'Event', id, name: type, namespace },
          after: { source, subject, known: !isNew },
        });
      }
      return { events: taken };
    });
  }

  /** Events that somebody published, newest first. */
  list({ cursor, limit, ...filter }: EventQuery, { rights }: Principal): Promise<EventPage> {
    return listEvents(this.pool, { ...filter, limits: rights.limits('read', 'Event') }, { limit, ...(cursor && { cursor }) });
  }
}

const problemsOf = ({ type, data }: PublishedEventBody, position: number): Problem[] => {
  const problem = (message: string, path: string): Problem => ({
    code: 'event.refused',
    message,
    path: `events[${position}].${path}`,
    severity: 'error',
  });
  const size = Buffer.byteLength(JSON.stringify(data));
  return [
    ...(type.startsWith(PLATFORM_EVENTS)
      ? [problem(`\`${PLATFORM_EVENTS}…\` are facts of the platform itself: choose another type`, 'type')]
      : []),
    ...(size > MAX_EVENT_BYTES
      ? [problem(`an event has ${MAX_EVENT_BYTES / 1024} KiB of data at most, this one has ${size} bytes`, 'data')]
      : []),
  ];
};

const factOf = (event: PublishedEventBody, actor: string): DomainEvent => ({
  specversion: '1.0',
  id: cleanText(event.id ?? randomUUID()),
  type: event.type,
  source: cleanText(event.source ?? `user/${actor}`),
  subject: cleanText(event.subject),
  time: new Date(event.time ?? Date.now()).toISOString(),
  namespace: event.namespace,
  datacontenttype: 'application/json',
  data: cleanJson(event.data),
});
