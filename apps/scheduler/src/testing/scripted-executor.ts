import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ProcessStatus } from '@orderlines/contracts';
import { ExecutorServiceService, type ExecutorServiceServer, type StartInstanceRequest } from '@orderlines/rpc';
import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';

/** A peer that speaks the executor's protocol: it keeps starts by their keys, leaves rows of runs, and ends them when a test says so. */
export class ScriptedExecutor {
  /** Every start that was asked for, repeated ones too. */
  readonly asked: StartInstanceRequest[] = [];
  /** Operations that were asked for, e.g. `stop <instance>`. */
  readonly operations: string[] = [];
  /** Runs by the key of their start. */
  readonly runs = new Map<string, { readonly id: string; readonly request: StartInstanceRequest }>();
  /** Set: starts are refused so. */
  refusal: { readonly code: status; readonly orderlinesCode: string; readonly details: string } | null = null;
  /** Set: the answers to so many starts are lost on their way. */
  answersToLose = 0;

  private constructor(
    private readonly pool: Pool,
    private readonly server: Server,
  ) {}

  static async start(pool: Pool): Promise<ScriptedExecutor & { readonly address: string }> {
    const server = new Server();
    const executor = new ScriptedExecutor(pool, server);
    server.addService(ExecutorServiceService, executor.service());
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    return Object.assign(executor, { address: `127.0.0.1:${port}` });
  }

  /** The logical times of the runs that there are, in order. */
  get started(): string[] {
    return [...this.runs.values()].map(({ request }) => new Date(request.logicalTime).toISOString()).sort();
  }

  /** Ends runs that have not ended. */
  async endAll(ended: ProcessStatus, finishedAt: number): Promise<void> {
    await this.pool.query(
      `update runtime.process_instance set status = $1, phase = 'done', finished_at = $2, error = $3 where finished_at is null`,
      [ended, new Date(finishedAt), ended === 'FAILURE' ? JSON.stringify({ reason: 'user', message: 'it broke' }) : null],
    );
  }

  close(): void {
    this.server.forceShutdown();
  }

  private service(): ExecutorServiceServer {
    return {
      startInstance: ({ request }, callback) => {
        this.asked.push(request);
        const { refusal } = this;
        if (refusal !== null) {
          const metadata = new Metadata();
          metadata.set('orderlines-code', refusal.orderlinesCode);
          return callback({ code: refusal.code, details: refusal.details, metadata });
        }
        this.run(request).then(
          (instanceId) => {
            if (this.answersToLose-- > 0) return callback({ code: status.UNAVAILABLE, details: 'the answer was lost' });
            callback(null, { instanceId, number: this.runs.size, status: 'RUNNING', repeated: false });
          },
          (error: Error) => callback({ code: status.INTERNAL, details: error.message }),
        );
      },
      operateInstance: ({ request }, callback) => {
        const { name, force } = JSON.parse(request.operationJson) as { name: string; force?: boolean };
        this.operations.push(`${name}${force ? ' by force' : ''} ${request.instanceId}`);
        callback(null, {
          ...{ accepted: true, status: 'RUNNING', message: '', allowed: [], runningTaskInstanceIds: [] },
          ...{ newInstanceId: '', code: '', problemsJson: '', resultJson: '' },
        });
      },
      sendSignal: (_call, callback) => callback({ code: status.UNIMPLEMENTED }),
    };
  }

  private async run(request: StartInstanceRequest): Promise<string> {
    const known = this.runs.get(request.idempotencyKey);
    if (known !== undefined) return known.id;
    const id = uuidV7();
    this.runs.set(request.idempotencyKey, { id, request });
    await this.pool.query(
      `insert into runtime.process_instance (id, namespace, process_id, process_version_id, process_name, process_version, number, status,
          phase, started_by, origin, logical_time, params, variables, state)
        select $1, p.namespace, p.id, v.id, p.name, v.number, $2, 'RUNNING', 'body', $3, $4, $5, $6, '{}', '{}'
        from definition.process_version v join definition.process p on p.id = v.process_id where v.id = $7`,
      [...[id, this.runs.size, request.actor, request.origin, new Date(request.logicalTime), request.paramsJson], request.processVersionId],
    );
    return id;
  }
}
