import type { BatchQueries, Statement } from './batch-session.js';
import type { Pool } from 'pg';
import { binaryArray } from './binary-arrays.js';
import { asArrays, insertStatement, type Column } from './columns.js';

/** An event that could not be applied; its run's later events wait behind it for a person. */
export interface ParkedEvent {
  readonly id: string;
  readonly instanceId: string;
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly error: string;
  readonly deliveries: number;
}

const COLUMNS: readonly Column<ParkedEvent>[] = [
  ['id', 'uuid', (event) => event.id],
  ['process_instance_id', 'uuid', (event) => event.instanceId],
  ['subject', 'text', (event) => event.subject],
  ['payload', 'bytea', (event) => Buffer.from(event.payload)],
  ['error', 'text', (event) => event.error],
  ['deliveries', 'int', (event) => event.deliveries],
];

export const INSERT_PARKED: Statement = { name: 'insert-parked', text: insertStatement('runtime.parked_event', COLUMNS) };

/** Puts events aside. */
export const writeParkedEvents = async (queries: BatchQueries, events: readonly ParkedEvent[]): Promise<void> => {
  if (events.length > 0) await queries.run(INSERT_PARKED, asArrays(COLUMNS, events));
};

/** A parked event as it lies there. */
export type StoredParkedEvent = Pick<ParkedEvent, 'id' | 'subject' | 'payload'>;

/** The parked events of a run, the oldest first. */
export const readParkedEvents = async (pool: Pool, instanceId: string): Promise<StoredParkedEvent[]> => {
  const { rows } = await pool.query<StoredParkedEvent>({
    name: 'parked-events',
    text: 'select id, subject, payload from runtime.parked_event where process_instance_id = $1 order by parked_at, id',
    values: [instanceId],
  });
  return rows;
};

export const DELETE_PARKED: Statement = {
  name: 'delete-parked',
  text: 'delete from runtime.parked_event e using unnest($1::uuid[]) as u (id) where e.id = u.id',
};

/** Takes away what has been applied or dropped. */
export const deleteParkedEvents = async (queries: BatchQueries, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await queries.run(DELETE_PARKED, [binaryArray('uuid', ids)]);
};
