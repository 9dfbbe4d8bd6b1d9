import type { Json, ProcessStatus, TaskStatus } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';

/** Inserts a row; values are given by column. Objects and lists become JSON. */
const insert = async (pool: Pool, table: string, row: Record<string, unknown>) => {
  const columns = Object.keys(row);
  const values = Object.values(row).map((value) =>
    typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Buffer) ? JSON.stringify(value) : value,
  );
  await pool.query(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    values,
  );
};

/** What refers to others comes first. */
const TABLES = [
  ...['large_value', 'log_chunk', 'history', 'task_attempt', 'task_instance', 'timer', 'worker_session', 'process_instance'].map(
    (name) => `runtime.${name}`,
  ),
  'definition.process_version',
  'definition.process',
];

/** Rows for tests of the read models, as the executor would have left them. */
export class StoredRuns {
  private readonly versions = new Map<string, string>();
  private numbers = 0;

  constructor(private readonly pool: Pool) {}

  /** A process with one version; its id. */
  async process(name: string, namespace = 'default'): Promise<string> {
    const [id, versionId] = [uuidv7(), uuidv7()];
    await insert(this.pool, 'definition.process', { id, namespace, name, latest_version: 1, created_by: 'admin', updated_by: 'admin' });
    await insert(this.pool, 'definition.process_version', {
      id: versionId,
      process_id: id,
      number: 1,
      document: {},
      source: '',
      source_format: 'yaml',
      digest: Buffer.alloc(32),
      created_by: 'admin',
    });
    this.versions.set(id, versionId);
    return id;
  }

  /** A run; its id. */
  async run(processId: string, status: ProcessStatus = 'RUNNING', more: Record<string, unknown> = {}): Promise<string> {
    const id = uuidv7();
    await insert(this.pool, 'runtime.process_instance', {
      id,
      namespace: 'default',
      process_id: processId,
      process_version_id: this.versions.get(processId),
      process_name: 'sample',
      process_version: 1,
      number: (this.numbers += 1),
      status,
      phase: 'body',
      started_by: 'admin',
      origin: 'api',
      logical_time: new Date(),
      params: {},
      variables: {},
      state: {},
      ...more,
    });
    return id;
  }

  /** An execution of a node; its id. */
  async task(instanceId: string, nodeId: string, status: TaskStatus = 'SUCCESS', more: Record<string, unknown> = {}): Promise<string> {
    const id = uuidv7();
    await insert(this.pool, 'runtime.task_instance', {
      process_instance_id: instanceId,
      id,
      node_id: nodeId,
      kind: 'node',
      type: 'task',
      uses: 'shell',
      path: nodeId,
      scope: 0,
      visit: 1,
      status,
      attempt: 1,
      dispatch: 1,
      queue: 'default',
      ...more,
    });
    return id;
  }

  /** A chunk of log lines. */
  async chunk(instanceId: string, taskInstanceId: string, chunk: number, texts: readonly string[], attempt = 1): Promise<void> {
    const lines: Json = texts.map((text, index) => ({ at: 1_000 * chunk + index, level: 'info', text }));
    await insert(this.pool, 'runtime.log_chunk', {
      process_instance_id: instanceId,
      task_instance_id: taskInstanceId,
      attempt,
      chunk,
      lines,
    });
  }

  /** Any other row. */
  async row(table: string, row: Record<string, unknown>): Promise<void> {
    await insert(this.pool, table, row);
  }

  /** Removes everything again. */
  async remove(): Promise<void> {
    for (const table of TABLES) await this.pool.query(`delete from ${table}`);
  }
}
