import { randomUUID } from 'node:crypto';
import type { LiveMessage } from '@orderlines/messaging';
import type { ProcessStatus } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { GatewayHarness } from './gateway-harness.js';

/** A definition whose only node is a task. */
export const simpleDefinition = (name: string, more = ''): string =>
  `apiVersion: orderlines/v1\nkind: Process\nname: ${name}\n${more}flow:\n  - { id: say, uses: log, with: { message: hello } }\n`;

/** Stores a process with one version; gives its id. */
export const buildProcess = async (harness: GatewayHarness, content: string): Promise<string> => {
  const answer = await harness.ask('POST', 'processes', { content });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { id: string }).id;
};

/** Runs as an executor would have written them. */
export class StoredRun {
  readonly id = uuidv7();
  readonly taskId = uuidv7();
  private seq = 0;

  constructor(private readonly pool: Pool) {}

  /** Writes the run and its only task. */
  async create(processId: string): Promise<this> {
    await this.pool.query(
      `insert into runtime.process_instance (id, namespace, process_id, process_version_id, process_name, process_version, number, status, phase,
         started_by, origin, logical_time, params, variables, state)
       select $1, p.namespace, p.id, v.id, p.name, v.number, 1, 'RUNNING', 'body', 'admin', 'http', now(), '{"a":1}', '{}', '{}'
         from definition.process p join definition.process_version v on v.process_id = p.id where p.id = $2 order by v.number desc limit 1`,
      [this.id, processId],
    );
    await this.pool.query(
      `insert into runtime.task_instance (process_instance_id, id, node_id, kind, type, uses, path, scope, visit, status, attempt, dispatch, input)
       values ($1, $2, 'say', 'node', 'task', 'log', 'say', 0, 1, 'RUNNING', 1, 1, '{"message":"hello"}')`,
      [this.id, this.taskId],
    );
    return this;
  }

  /** Writes the next history row, and the run's status where the fact tells one; gives it as it is told live. */
  async fact(fact: { readonly type: string; readonly status?: ProcessStatus; readonly [key: string]: unknown }): Promise<LiveMessage> {
    const message = { instanceId: this.id, seq: (this.seq += 1), at: Date.now(), facts: [fact as never] };
    await this.pool.query(
      'insert into runtime.history (process_instance_id, seq, at, facts) values ($1, $2, to_timestamp($3::float8 / 1000), $4)',
      [this.id, message.seq, message.at, JSON.stringify(message.facts)],
    );
    const status = fact.type === 'instance' ? fact.status : undefined;
    await this.pool.query('update runtime.process_instance set seq = $2, status = coalesce($3, status) where id = $1', [
      this.id,
      message.seq,
      status ?? null,
    ]);
    return message;
  }

  /** Writes lines as one chunk of the task. */
  async log(chunk: number, ...texts: readonly string[]): Promise<void> {
    const lines = texts.map((text) => ({ at: Date.now(), level: 'info', text }));
    await this.pool.query(
      'insert into runtime.log_chunk (process_instance_id, task_instance_id, attempt, chunk, lines) values ($1, $2, 1, $3, $4)',
      [this.id, this.taskId, chunk, JSON.stringify(lines)],
    );
  }

  /** Ends the task, which wrote so many chunks. */
  async endTask(chunks: number): Promise<void> {
    await this.pool.query(
      `update runtime.task_instance set status = 'SUCCESS', log_chunks = $3 where process_instance_id = $1 and id = $2`,
      [this.id, this.taskId, chunks],
    );
  }
}

/** Makes a worker known that offers `log`. */
export const announceWorker = (pool: Pool) =>
  pool.query(
    `insert into runtime.worker_session (id, worker, version, queues, slots, busy, draining, task_types, started_at, seen_at)
     values ($1, 'w1', '0.1.0', '{default}', 4, 0, false, $2, now(), now())`,
    [
      randomUUID(),
      JSON.stringify([
        {
          ...{ name: 'log', version: '1.0.0', category: 'basic', icon: 'log', order: 1, idempotent: true, cancel: false },
          ...{ title: { en: 'Log', zh: '日志' }, description: { en: 'Log', zh: '日志' }, help: { en: 'Log', zh: '日志' } },
          ...{ wantsVariables: false, hooks: [], results: { type: 'object' } },
          inputs: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'], additionalProperties: false },
        },
      ]),
    ],
  );
