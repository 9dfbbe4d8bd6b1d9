import { createHash, randomUUID } from 'node:crypto';
import { credentials } from '@grpc/grpc-js';
import type { DebugStops } from '@orderlines/contracts';
import { createPool, runMigrations } from '@orderlines/persistence';
import { readDefinition } from '@orderlines/process-engine';
import {
  callUnary,
  ExecutorServiceClient,
  type OperateInstanceResponse,
  type SendSignalResponse,
  type StartInstanceResponse,
} from '@orderlines/rpc';
import { startNats, startPostgres, type TestNats } from '@orderlines/testing';
import type { Pool } from 'pg';
import { executorDefaults, type ExecutorConfig } from '../config.js';
import { startExecutor, type RunningExecutor } from '../start-executor.js';

const CALL_LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** A row of a run as tests look at it. */
export interface InstanceRow {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly phase: string;
  readonly seq: number;
  readonly error: { readonly reason: string; readonly message: string } | null;
  readonly variables: Record<string, unknown>;
  readonly outputs: Record<string, unknown> | null;
  readonly origin: string;
  readonly parent_id: string | null;
  readonly ancestors: readonly string[];
}

/** Row of an execution as tests look at it. */
export interface TaskRow {
  readonly id: string;
  readonly node_id: string;
  readonly visit: number;
  readonly reused_from: string | null;
  readonly status: string;
  readonly attempt: number;
  readonly dispatch: number;
  readonly reason: string | null;
  readonly result: unknown;
  readonly late_result: unknown;
}

/** A database and a NATS with executors on them: what the tests of this app run against. */
export class Platform {
  private readonly executors = new Map<RunningExecutor, ExecutorServiceClient>();

  private constructor(
    readonly databaseUrl: string,
    readonly nats: TestNats,
    readonly pool: Pool,
    private readonly release: () => Promise<void>,
  ) {}

  static async start(databaseUrl?: string): Promise<Platform> {
    const [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
    const url = databaseUrl ?? (await postgres.createDatabase(runMigrations));
    const pool = createPool(url, { name: 'test', max: 4 });
    return new Platform(url, nats, pool, () => postgres.close());
  }

  /** Starts an executor; without a log sink and with short limits unless the test says otherwise. */
  async executor(changes: Partial<ExecutorConfig> = {}): Promise<RunningExecutor> {
    const executor = await startExecutor({
      ...executorDefaults,
      databaseUrl: this.databaseUrl,
      natsUrl: this.nats.url,
      logLevel: (process.env['ORDERLINES_LOG_LEVEL'] ?? 'silent') as ExecutorConfig['logLevel'],
      logSinkUrl: null,
      settleMs: 500,
      sweepMs: 300,
      ...changes,
    });
    this.executors.set(executor, new ExecutorServiceClient(executor.grpcAddress, credentials.createInsecure()));
    return executor;
  }

  async closeExecutor(executor: RunningExecutor): Promise<void> {
    this.executors.get(executor)?.close();
    this.executors.delete(executor);
    await executor.close();
  }

  /** Publishes a definition, under a name of its own unless another process is to call it; the id of its version. */
  async publish(yaml: string, name?: string): Promise<string> {
    const { document, problems } = readDefinition(`apiVersion: orderlines/v1\nkind: Process\n${yaml}`);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (document === undefined || errors.length > 0) throw new Error(JSON.stringify(errors));
    const [processId, versionId] = [randomUUID(), randomUUID()];
    await this.pool.query(
      `insert into definition.process (id, namespace, name, latest_version, created_by, updated_by) values ($1, 'default', $2, 1, 'test', 'test')`,
      [processId, name ?? `${document.name}-${processId.slice(0, 8)}`],
    );
    await this.pool.query(
      `insert into definition.process_version (id, process_id, number, document, source, source_format, digest, created_by)
        values ($1, $2, 1, $3, $4, 'yaml', $5, 'test')`,
      [versionId, processId, JSON.stringify(document), yaml, createHash('sha256').update(yaml).digest()],
    );
    return versionId;
  }

  start(
    processVersionId: string,
    params: object = {},
    {
      idempotencyKey = '',
      executor = [...this.executors.keys()][0],
      debug,
    }: { idempotencyKey?: string; executor?: RunningExecutor; debug?: DebugStops } = {},
  ): Promise<StartInstanceResponse> {
    const client = this.client(executor);
    const request = {
      processVersionId,
      paramsJson: JSON.stringify(params),
      actor: 'tester',
      origin: 'manual',
      idempotencyKey,
      logicalTime: 0,
      debug,
    };
    return callUnary(client, client.startInstance, request, { deadlineMs: CALL_LIMIT_MS });
  }

  operate(instanceId: string, operation: object, idempotencyKey = ''): Promise<OperateInstanceResponse> {
    const client = this.client([...this.executors.keys()][0]);
    const request = { instanceId, operationJson: JSON.stringify(operation), actor: 'tester', idempotencyKey };
    return callUnary(client, client.operateInstance, request, { deadlineMs: CALL_LIMIT_MS });
  }

  /** Sends a signal. */
  signal(
    name: string,
    key: string,
    payload: unknown,
    { idempotencyKey = '', executor = [...this.executors.keys()][0] }: { idempotencyKey?: string; executor?: RunningExecutor } = {},
  ): Promise<SendSignalResponse> {
    const client = this.client(executor);
    const request = { namespace: 'default', name, key, payloadJson: JSON.stringify(payload), actor: 'tester', idempotencyKey };
    return callUnary(client, client.sendSignal, request, { deadlineMs: CALL_LIMIT_MS });
  }

  async instance(id: string): Promise<InstanceRow> {
    const { rows } = await this.pool.query<InstanceRow>('select * from runtime.process_instance where id = $1', [id]);
    const [row] = rows;
    if (row === undefined) throw new Error(`There is no run ${id}`);
    return row;
  }

  /** Runs that others have started, in the order in which they began. */
  async childrenOf(instanceId: string): Promise<InstanceRow[]> {
    const { rows } = await this.pool.query<InstanceRow>('select * from runtime.process_instance where parent_id = $1 order by id', [
      instanceId,
    ]);
    return rows;
  }

  async tasks(instanceId: string): Promise<TaskRow[]> {
    const { rows } = await this.pool.query<TaskRow>('select * from runtime.task_instance where process_instance_id = $1 order by id', [
      instanceId,
    ]);
    return rows;
  }

  /** Waits until a run has this status. */
  async reaches(instanceId: string, status: string, limitMs = 20_000): Promise<InstanceRow> {
    return until(`run ${instanceId} is ${status}`, limitMs, async () => {
      const row = await this.instance(instanceId);
      return row.status === status ? row : null;
    });
  }

  async close(): Promise<void> {
    for (const executor of [...this.executors.keys()]) await this.closeExecutor(executor);
    await this.pool.end();
    await this.nats.close();
    await this.release();
  }

  private client(executor: RunningExecutor | undefined): ExecutorServiceClient {
    const client = executor === undefined ? undefined : this.executors.get(executor);
    if (client === undefined) throw new Error('There is no executor');
    return client;
  }
}

/** Asks again and again until there is an answer. */
export const until = async <Answer>(what: string, limitMs: number, ask: () => Promise<Answer | null> | Answer | null): Promise<Answer> => {
  for (const end = Date.now() + limitMs; ; await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
  }
};
