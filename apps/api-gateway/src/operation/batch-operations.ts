import { createHash, randomUUID } from 'node:crypto';
import type { BatchBody, BatchDone, BatchItem, BatchOperation, InstanceSummary, ProcessStatus } from '@orderlines/contracts';
import { listFailedNodes, listInstances, type FailedNode } from '@orderlines/persistence';
import { allowedOnRun, RUN_RULES, runStanding } from '@orderlines/process-engine';
import { describeError, OrderlinesError } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Caller, Instances } from '../instance/instances.js';
import { requireListed } from '../process/process-reference.js';

/** Runs that are operated on at a time. */
const AT_ONCE = 16;

type RunStep = Exclude<BatchOperation, { name: 'retry' | 'skip' | 'raise' }>;

/** One operation on many runs: bounded, with an answer for each. */
export class BatchOperations {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
    private readonly instances: Instances,
  ) {}

  /** Does it to the runs that fit and that the caller may do it to, or says what it would do. Each run is a change of its own: what fails does not hold up the others. */
  async operate({ operation, filter, dry, limit, cursor }: BatchBody, caller: Caller): Promise<BatchDone> {
    const { ids, process, namespace, status } = filter;
    const processId = await requireListed(this.manager, process, { principal: caller.principal, listing: 'Instance' });
    const which = { ...(ids && { ids }), ...(processId && { processId }), ...(namespace && { namespace }), ...(status && { status }) };
    const limits = caller.principal.rights.limits(isOnNodes(operation) ? 'repair' : 'operate', 'Instance');
    const page = await listInstances(this.pool, { ...which, limits }, { limit, ...(cursor && { cursor }) });
    const runIds = page.items.map(({ id }) => id);
    const nodes = isOnNodes(operation) ? Map.groupBy(await listFailedNodes(this.pool, runIds), ({ instanceId }) => instanceId) : undefined;
    const key = caller.idempotencyKey ?? randomUUID();
    const items: BatchItem[] = [];
    for (let from = 0; from < page.items.length; from += AT_ONCE) {
      const some = page.items.slice(from, from + AT_ONCE).map((run) => {
        const own = { ...caller, idempotencyKey: keyFor(key, run.id) };
        return isOnNodes(operation)
          ? this.onNodes(run, operation.name, nodes?.get(run.id) ?? [], dry, own)
          : this.onRun(run, operation, dry, own);
      });
      items.push(...(await Promise.all(some)));
    }
    return { items, nextCursor: page.nextCursor };
  }

  private async onRun(run: InstanceSummary, operation: RunStep, dry: boolean, caller: Caller): Promise<BatchItem> {
    if (dry) {
      const isAllowed = allowedOnRun(runStanding(run.status, run.phase)).includes(operation.name);
      if (isAllowed) return itemOf(run, 'allowed');
      const detail = `The run is ${run.status} in phase ${run.phase}: ${operation.name} needs ${RUN_RULES[operation.name].needs}.`;
      return { ...itemOf(run, 'refused'), detail };
    }
    return told(run, async () => {
      if (operation.name !== 'restart') return itemOf(run, 'done', (await this.instances.operate(run.id, operation, caller)).status);
      const { id: newInstanceId } = await this.instances.restart(run.id, { version: operation.version }, caller);
      return { ...itemOf(run, 'done'), newInstanceId };
    });
  }

  private async onNodes(
    run: InstanceSummary,
    name: 'retry' | 'skip' | 'raise',
    nodes: readonly FailedNode[],
    dry: boolean,
    caller: Caller,
  ): Promise<BatchItem> {
    if (nodes.length === 0) return { ...itemOf(run, 'refused'), detail: 'No node of the run is held, and none can open it again.' };
    const paths = nodes.map(({ path }) => path);
    if (dry) return { ...itemOf(run, 'allowed'), nodes: paths };
    return told(run, async () => {
      let { status } = run;
      for (const { id: taskInstanceId, attempt } of nodes) {
        const own = { ...caller, idempotencyKey: keyFor(caller.idempotencyKey ?? '', taskInstanceId) };
        ({ status } = await this.instances.operate(run.id, { name, taskInstanceId, attempt }, own));
      }
      return { ...itemOf(run, 'done', status), nodes: paths };
    });
  }
}

const isOnNodes = (operation: BatchOperation): operation is Exclude<BatchOperation, RunStep> =>
  operation.name === 'retry' || operation.name === 'skip' || operation.name === 'raise';

const itemOf = (
  { id, number, process, status }: InstanceSummary,
  outcome: BatchItem['outcome'],
  now: ProcessStatus = status,
): BatchItem => ({
  ...{ id, number, process, outcome },
  status: now,
});

/** What became of a run: a refusal is an answer, and so is a failure. */
const told = async (run: InstanceSummary, work: () => Promise<BatchItem>): Promise<BatchItem> => {
  try {
    return await work();
  } catch (error) {
    const isRefusal = error instanceof OrderlinesError && error.status < 500;
    return { ...itemOf(run, isRefusal ? 'refused' : 'failed'), detail: describeError(error) };
  }
};

/** A key of its own for each part of the batch, the same when the batch is repeated. */
const keyFor = (key: string, id: string): string => createHash('sha256').update(`${key}:${id}`).digest('hex');
