import { OrderlinesError } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { readFinished } from '../inputs/finished-event.js';
import { readRunSubject } from '../inputs/run-subject.js';
import { readParkedEvents, type StoredParkedEvent } from '../store/parked-events.sql.js';
import type { EventItem } from './batch-item.js';

/** A parked event that leaves, with what is applied in its place; nothing for one whose cause the sweeper finds again. */
export interface ReleasedEvent {
  readonly id: string;
  readonly event?: EventItem['event'];
  readonly bytes: number;
}

/**
 * The events of a run that are tried again when one is: it and those that were put aside behind it, in their order.
 * Throws `parked-event.*` when there is no such event, an earlier one is in its way, or nothing can be made of it.
 */
export const eventsToRetry = async (pool: Pool, instanceId: string, id: string): Promise<readonly ReleasedEvent[]> => {
  const parked = await requireParked(pool, instanceId, id);
  const [first] = parked;
  if (first && first.id !== id) {
    const message = `An earlier event of the run is parked: retry or drop ${first.id} first`;
    throw new OrderlinesError('parked-event.behind-another', message, 409);
  }
  const readable = parked.map(read);
  const until = readable.findIndex((event) => typeof event === 'string');
  const [unread] = readable;
  if (typeof unread === 'string')
    throw new OrderlinesError('parked-event.unreadable', `Nothing can be made of ${id}: ${unread}; drop it`, 422);
  return readable.slice(0, until < 0 ? undefined : until).filter((event) => typeof event !== 'string');
};

/** Makes sure that the event is one of the run's. Throws `parked-event.not-found`. */
export const requireParked = async (pool: Pool, instanceId: string, id: string): Promise<readonly StoredParkedEvent[]> => {
  const parked = await readParkedEvents(pool, instanceId);
  if (parked.some((event) => event.id === id)) return parked;
  throw new OrderlinesError('parked-event.not-found', `Run ${instanceId} has no parked event ${id}`, 404);
};

const read = ({ id, subject, payload }: StoredParkedEvent): ReleasedEvent | string => {
  const place = readRunSubject(subject);
  if (place?.kind !== 'finished') return { id, bytes: payload.length };
  const finished = readFinished(payload);
  return typeof finished === 'string' ? finished : { id, event: finished.event, bytes: payload.length };
};
