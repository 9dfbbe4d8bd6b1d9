import { chunksOf, type Json } from '@orderlines/contracts';
import type { Pool } from 'pg';

/** The data of an execution of a node, large parts standing as references. */
export interface TaskData {
  readonly input: Json;
  readonly result: Json;
}

/** The data of an execution of a node; null when there is none. */
export const readTaskData = async (pool: Pool, instanceId: string, taskId: string): Promise<TaskData | null> => {
  const { rows } = await pool.query<TaskData>(
    'select input, result from runtime.task_instance where process_instance_id = $1 and id = $2',
    [instanceId, taskId],
  );
  return rows[0] ?? null;
};

/** A content that a run keeps: a large value or a file. */
export interface StoredContent {
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Those of the contents that the run does not have whole. */
export const readMissingContents = async (pool: Pool, instanceId: string, contents: readonly StoredContent[]): Promise<StoredContent[]> => {
  if (contents.length === 0) return [];
  const { rows } = await pool.query<{ sha256: string; bytes: number }>(
    `select encode(sha256, 'hex') as sha256, sum(length(data))::float8 as bytes from runtime.large_value
      where process_instance_id = $1 and sha256 = any (select decode(u, 'hex') from unnest($2::text[]) as u) group by sha256`,
    [instanceId, contents.map(({ sha256 }) => sha256)],
  );
  const stored = new Map(rows.map(({ sha256, bytes }) => [sha256, bytes]));
  return contents.filter(({ sha256, bytes }) => stored.get(sha256) !== bytes);
};

/** The pieces of a content in order, one in memory at a time; throws when one has gone meanwhile. */
export async function* readPieces(
  pool: Pool,
  instanceId: string,
  { sha256, bytes }: StoredContent,
): AsyncGenerator<Buffer, void, undefined> {
  for (let chunk = 0; chunk < chunksOf(bytes); chunk++) {
    const { rows } = await pool.query<{ data: Buffer }>({
      name: 'read-piece',
      text: 'select data from runtime.large_value where process_instance_id = $1 and sha256 = $2 and chunk = $3',
      values: [instanceId, Buffer.from(sha256, 'hex'), chunk],
    });
    if (rows[0] === undefined) throw new Error(`Piece ${chunk} of ${sha256} of run ${instanceId} is gone`);
    yield rows[0].data;
  }
}
