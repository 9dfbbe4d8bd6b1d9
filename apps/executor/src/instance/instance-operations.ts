import { createHash } from 'node:crypto';
import { cleanJson, type DebugStops, type Json, type JsonObject, type Origin, type Problem } from '@orderlines/contracts';
import {
  allowedOnRun,
  resolveParams,
  RUN_RULES,
  runStanding,
  type EventOperation,
  type Operation,
  type OperationAnswer,
  type Rerun,
} from '@orderlines/process-engine';
import { describeError, OrderlinesError } from '@orderlines/service-host';
import { currentOrigin, type AuditEntry } from '@orderlines/persistence/postgres';
import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { isTaskOf } from '../store/known-tasks.sql.js';
import { copyLargeValues } from '../store/rerunnable.sql.js';
import { readRestartable } from '../store/restartable.sql.js';
import type { SignalKey } from '../store/signals.sql.js';
import type {
  BatchItem,
  EventItem,
  OperationKey,
  Outcome,
  ProcessVersion,
  SignalAnswer,
  SignalItem,
  StartAnswer,
  StartItem,
} from './batch-item.js';
import { eventsToRetry, requireParked } from './parked-events.js';
import { configOf } from './namespace-variables.js';
import type { ProcessVersions } from './process-versions.js';
import { prepareRerun } from './rerun.js';
import type { RequestedOperation } from './requested-operation.js';

/** While the store is away a caller is kept waiting so long before it is told. */
const PATIENCE_MS = 8_000;
/** Largest payload of a signal, bytes of JSON. */
const MAX_SIGNAL_BYTES = 256 * 1024;

/** Params that do not fit the process; all problems at once. */
export class ParamsError extends OrderlinesError {
  constructor(readonly problems: readonly Problem[]) {
    super('params.invalid', problems.map(({ message }) => message).join('; '), 422);
  }
}

/** A request for a new run. */
export interface StartOrder {
  readonly processVersionId: string;
  readonly params: JsonObject;
  readonly actor: string;
  readonly origin: Origin;
  readonly idempotencyKey: string;
  /** Where it stops for a person who debugs it; absent: nowhere. */
  readonly debug?: DebugStops;
  /** Epoch milliseconds, or null for now. */
  readonly logicalTime: number | null;
}

/** A request to do something with a run. */
export interface OperationOrder {
  readonly instanceId: string;
  readonly operation: RequestedOperation;
  readonly actor: string;
  readonly idempotencyKey: string;
}

/** A signal to be sent. */
export interface SignalOrder extends SignalKey {
  readonly payload: Json;
  /** Who sends it: a user name or `service:<name>`. */
  readonly actor: string;
  readonly idempotencyKey: string;
}

/** What a run is started with; a rerun also with what it takes over, and of which run. */
type NewRun = Pick<StartOrder, 'params' | 'actor' | 'origin' | 'debug' | 'logicalTime'> & {
  readonly rerun?: Rerun & { readonly of: string };
};

/** Answer to an operation; `restarted` is the new run of a restart. */
export type OperationResult = OperationAnswer & { readonly restarted?: StartAnswer };

/** Starts and operates runs for the gRPC door: checks what came, puts it into a batch and waits for the commit. */
export class InstanceOperations {
  constructor(
    private readonly pool: Pool,
    private readonly versions: ProcessVersions,
    private readonly submit: (item: BatchItem) => void,
  ) {}

  /** Makes a run; throws {@link ParamsError} and other {@link OrderlinesError}s. */
  async start(order: StartOrder): Promise<StartAnswer> {
    const version = await this.versions.get(order.processVersionId);
    const { processVersionId: _resolved, idempotencyKey, ...request } = order;
    return this.startVersion(version, order, keyOf(idempotencyKey, { start: version.processId, ...request }, startEntry(version, order)));
  }

  /** Sends a signal: to the run that has waited longest for it, or to the first that will. */
  async send({ actor, idempotencyKey, ...order }: SignalOrder): Promise<SignalAnswer> {
    const payload = cleanJson(order.payload);
    if (Buffer.byteLength(JSON.stringify(payload)) > MAX_SIGNAL_BYTES) {
      const message = `The payload is larger than ${MAX_SIGNAL_BYTES / 1024} KiB. Send where it lies instead.`;
      throw new OrderlinesError('signal.too-large', message, 422);
    }
    const id = uuidV7();
    const { namespace, name } = order;
    const entry = { action: 'send', subject: { kind: 'Signal', id, name, namespace }, after: { key: order.key } };
    const key = requiredKey(idempotencyKey || id, { signal: order, actor }, entry);
    const signal = { ...order, id, payload, sender: actor, senderKey: key.key };
    return answerOf<SignalAnswer>(await this.settled({ kind: 'signal', instanceId: id, signal, key }), id);
  }

  /** Carries out an operation. */
  async operate({ instanceId, operation, actor, idempotencyKey }: OperationOrder): Promise<OperationResult> {
    const key = keyOf(idempotencyKey, { instanceId, operation, actor }, operationEntry(instanceId, operation));
    if (operation.name === 'restart' || operation.name === 'rerun') return this.runAgain(instanceId, operation, actor, key);
    if ('eventId' in operation) return this.releaseEvents(instanceId, operation, actor, key);
    if ('taskInstanceId' in operation && !(await isTaskOf(this.pool, instanceId, operation.taskInstanceId)))
      throw new OrderlinesError('task.not-found', `The run ${instanceId} has no execution ${operation.taskInstanceId}`, 404);
    const event = { kind: 'operation', operation: operation satisfies Operation, actor } as const;
    const outcome = await this.settled({ kind: 'event', instanceId, event, key });
    return answerOf<OperationAnswer>(outcome, instanceId);
  }

  /** Applies a parked event and those behind it, or drops one; the run notes who said so. */
  private async releaseEvents(
    instanceId: string,
    operation: EventOperation,
    actor: string,
    key: OperationKey | undefined,
  ): Promise<OperationResult> {
    const { name, eventId } = operation;
    const note = { kind: 'event', instanceId, event: { kind: 'operation', operation, actor }, key } as const;
    if (name === 'drop-event') {
      await requireParked(this.pool, instanceId, eventId);
      return answerOf<OperationAnswer>(await this.settled({ ...note, releases: eventId }), instanceId);
    }
    const events = await eventsToRetry(this.pool, instanceId, eventId);
    const noted = answerOf<OperationAnswer>(await this.settled(note), instanceId);
    for (const { id, event, bytes } of events) {
      const item = { kind: 'event', instanceId, event: event ?? note.event, releases: id } as const;
      const outcome = await this.settled(item, bytes);
      if (outcome.kind !== 'failed') continue;
      const message = `The parked event ${id} still cannot be applied: ${describeError(outcome.error)}`;
      throw new OrderlinesError('parked-event.failed', message, 409, { cause: outcome.error });
    }
    return noted;
  }

  /** Makes a new run of one that has ended: from the beginning, or from a node with what was done before it. */
  private async runAgain(
    instanceId: string,
    operation: Extract<RequestedOperation, { name: 'restart' | 'rerun' }>,
    actor: string,
    key: OperationKey | undefined,
  ): Promise<OperationResult> {
    const { name, version: wanted } = operation;
    const run = await readRestartable(this.pool, instanceId);
    if (run === null) throw notFound(instanceId);
    const allowed = allowedOnRun(runStanding(run.status, run.phase));
    if (!allowed.includes(name)) {
      const message = `The run is ${run.status} in phase ${run.phase}: ${name} needs ${RUN_RULES[name].needs}.`;
      return { accepted: false, status: run.status, message, allowed };
    }
    const version = await this.versions.get(wanted === 'same' ? run.processVersionId : await this.versions.latestOf(run.processVersionId));
    const params = Object.fromEntries(Object.entries(run.params).filter(([, value]) => value !== null));
    const rerun = name === 'rerun' ? await prepareRerun(this.pool, version.process, instanceId, operation.from) : undefined;
    const again = {
      params,
      actor,
      origin: 'rerun' as const,
      logicalTime: run.logicalTime,
      ...(rerun && { rerun: { ...rerun, of: instanceId } }),
    };
    const restarted = await this.startVersion(version, again, key);
    return { accepted: true, status: run.status, runningTasks: [], restarted };
  }

  private async startVersion(
    version: ProcessVersion,
    { params: given, actor, origin, debug, logicalTime, rerun }: NewRun,
    key: OperationKey | undefined,
  ): Promise<StartAnswer> {
    const instanceId = uuidV7();
    const { namespace, name: process, number } = version;
    const due = logicalTime ?? Date.now();
    const run = { id: instanceId, namespace, process, version: number, startedBy: actor, origin, logicalTime: new Date(due).toISOString() };
    const { params, problems } = resolveParams(version.process, cleanJson(given), run);
    const read = await configOf(this.pool, version);
    if (problems.length + read.problems.length > 0) throw new ParamsError([...problems, ...read.problems]);
    if (rerun && rerun.reused.length > 0) await copyLargeValues(this.pool, rerun.of, instanceId);
    const more = { ...(read.config && { config: read.config }), ...(debug && { debug }), ...(rerun && { rerun }) };
    const request = { version, params, startedBy: actor, origin, logicalTime: due, parent: null, ...more };
    return answerOf<StartAnswer>(await this.settled({ kind: 'start', instanceId, request, key }), instanceId);
  }

  private settled(item: Waiting<StartItem> | Waiting<EventItem> | Waiting<SignalItem>, bytes = 1_000): Promise<Outcome> {
    return new Promise((resolve) => {
      this.submit({ ...item, bytes, alone: false, waitsUntil: performance.now() + PATIENCE_MS, settle: resolve });
    });
  }
}

type Waiting<Item extends BatchItem> = Omit<Item, 'bytes' | 'alone' | 'waitsUntil' | 'settle'>;

const keyOf = (key: string, request: unknown, entry: AuditEntry): OperationKey | undefined =>
  key === '' ? undefined : requiredKey(key, request, entry);

const requiredKey = (key: string, request: unknown, entry: AuditEntry): OperationKey => ({
  key,
  audited: { entry, origin: currentOrigin() },
  requestHash: createHash('sha256').update(JSON.stringify(request)).digest('hex'),
});

const startEntry = (version: ProcessVersion, { params, origin }: StartOrder): AuditEntry => ({
  action: 'start',
  subject: { kind: 'Process', id: version.processId, name: version.name, namespace: version.namespace },
  after: { version: version.number, origin, params: Object.keys(params) },
});

/** Values that are set are the run's own matter and stand in its history; the trail says which ones. */
const operationEntry = (instanceId: string, operation: RequestedOperation): AuditEntry => {
  const told = Object.entries(operation).map(([name, value]): [string, unknown] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? [name, Object.keys(value)] : [name, value],
  );
  return { action: operation.name, subject: { kind: 'Instance', id: instanceId }, after: Object.fromEntries(told) };
};

const notFound = (instanceId: string) => new OrderlinesError('instance.not-found', `There is no run ${instanceId}`, 404);

const answerOf = <Answer extends StartAnswer | OperationAnswer | SignalAnswer>(outcome: Outcome, instanceId: string): Answer => {
  switch (outcome.kind) {
    case 'done':
      // The item decides what kind of answer the engine gives to it.
      return outcome.answer as Answer;
    case 'missing':
      throw notFound(instanceId);
    case 'key-reused':
      throw new OrderlinesError('idempotency-key.reused', 'This idempotency key was used for another request; use a new one', 422);
    case 'refused':
      throw outcome.refusal;
    case 'failed':
      throw new OrderlinesError('instance.failed', `Run ${instanceId} could not take this`, 500, { cause: outcome.error });
    case 'held':
    case 'unavailable':
      throw new OrderlinesError('executor.unavailable', 'The executor cannot write to its database now; try again', 503);
  }
};
