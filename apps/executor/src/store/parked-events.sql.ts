import type { BatchQueries, Statement } from './batch-session.js';
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
