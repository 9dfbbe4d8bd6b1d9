import type { LogChunkMessage } from '@orderlines/messaging';
import type { Pool } from 'pg';
import { asArrays, insertStatement, type Column } from '../store/columns.js';

const COLUMNS: readonly Column<LogChunkMessage>[] = [
  ['process_instance_id', 'uuid', (chunk) => chunk.instanceId],
  ['task_instance_id', 'uuid', (chunk) => chunk.taskInstanceId],
  ['attempt', 'int', (chunk) => chunk.attempt],
  ['chunk', 'int', (chunk) => chunk.chunk],
  ['lines', 'json', (chunk) => JSON.stringify(chunk.lines)],
];

const INSERT = insertStatement('runtime.log_chunk', COLUMNS, 'on conflict do nothing');

/** Stores chunks; those that are there already are left as they are. */
export const writeLogChunks = async (pool: Pool, chunks: readonly LogChunkMessage[]): Promise<void> => {
  await pool.query({ name: 'insert-log-chunks', text: INSERT, values: asArrays(COLUMNS, chunks) });
};
