import { cleanJson, type Failure, type Json, type JsonObject } from '@orderlines/contracts';
import { findVersionToRun, type VersionToRun } from '@orderlines/persistence/postgres';
import { resolveParams, type CompiledChild } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { StartRequest } from '../instance/batch-item.js';
import { configOf } from '../instance/namespace-variables.js';
import type { ProcessVersions } from '../instance/process-versions.js';
import { asMilliseconds } from '../store/columns.js';

/** Runs that start one another: so many below the first. */
export const MAX_CALLS = 16;

/** What an execution that asks for a run says of it. */
interface Asked {
  readonly namespace: string;
  readonly versionId: string;
  readonly startedBy: string;
  readonly logicalTime: number;
  readonly ancestors: readonly string[];
  readonly nodeId: string;
  readonly input: Json;
}

const ASKED = `select p.namespace, p.process_version_id as "versionId", p.started_by as "startedBy", ${asMilliseconds('p.logical_time', '"logicalTime"')},
    p.ancestors, t.node_id as "nodeId", t.input
  from runtime.process_instance p join runtime.task_instance t on t.process_instance_id = p.id
  where p.id = $1 and t.id = $2 and t.status = 'WAITING' and t.waits_for->>'instanceId' = $3
    and not exists (select from runtime.process_instance c where c.id = $3::uuid)`;

/** Finds out how a run that a `process` node asks for is started: which version, with which params. Locks nothing. */
export class ChildOrders {
  constructor(
    private readonly pool: Pool,
    private readonly versions: ProcessVersions,
  ) {}

  /** The order, why it cannot be carried out, or null when nobody asks for the run (any more). */
  async find(parentId: string, taskInstanceId: string, instanceId: string): Promise<StartRequest | Failure | null> {
    const { rows } = await this.pool.query<Asked>({ name: 'asked-for-child', text: ASKED, values: [parentId, taskInstanceId, instanceId] });
    const [asked] = rows;
    if (asked === undefined) return null;
    const node = (await this.versions.get(asked.versionId)).process.nodes.get(asked.nodeId);
    if (node?.type !== 'process') return null;
    if (asked.ancestors.length >= MAX_CALLS) return tooDeep(node);
    const reference = node.process.includes('/') ? node.process : `${asked.namespace}/${node.process}`;
    const found = await findVersionToRun(this.pool, reference, node.version === 'latest' ? undefined : node.version);
    if (found?.version?.status !== 'published') return notThere(node, reference, found);
    return this.order(asked, node, found.version.id, { instanceId: parentId, taskInstanceId, childId: instanceId });
  }

  private async order(
    { startedBy, logicalTime, ancestors, input }: Asked,
    node: CompiledChild,
    versionId: string,
    { instanceId, taskInstanceId, childId }: { readonly instanceId: string; readonly taskInstanceId: string; readonly childId: string },
  ): Promise<StartRequest | Failure> {
    const version = await this.versions.get(versionId);
    const { namespace, name: process, number } = version;
    const run = {
      id: childId,
      namespace,
      process,
      version: number,
      startedBy,
      origin: 'parent',
      logicalTime: new Date(logicalTime).toISOString(),
    };
    const given = Object.fromEntries(Object.entries(input as JsonObject).filter(([, value]) => value !== null));
    const { params, problems } = resolveParams(version.process, cleanJson(given), run);
    const read = await configOf(this.pool, version);
    const wrong = [...problems, ...read.problems];
    if (wrong.length > 0) {
      return {
        reason: 'expression',
        code: 'params.invalid',
        message: `The inputs do not fit ${namespace}/${process} version ${number}: ${wrong.map(({ message }) => message).join('; ')}`,
        detail: { problems: wrong.map(({ code, path, message }) => ({ code, path, message })) },
      };
    }
    const parent = { instanceId, taskInstanceId, waits: node.wait, ancestors: [...ancestors, instanceId] };
    return { version, params, ...(read.config && { config: read.config }), startedBy, origin: 'parent', logicalTime, parent };
  }
}

const tooDeep = ({ id }: CompiledChild): Failure => ({
  reason: 'policy',
  code: 'process.too-deep',
  message: `${id} starts a run that would be more than ${MAX_CALLS} below the first one; does a process start itself without an end?`,
});

const notThere = ({ version }: CompiledChild, reference: string, found: VersionToRun | null): Failure => {
  if (found === null) return { reason: 'policy', code: 'process.not-found', message: `There is no process ${reference}.` };
  if (found.version !== null) {
    return { reason: 'policy', code: 'process-version.offline', message: `Version ${found.version.number} of ${reference} is offline.` };
  }
  if (version === 'latest') return { reason: 'policy', code: 'process.not-published', message: `${reference} has no published version.` };
  return { reason: 'policy', code: 'process-version.not-found', message: `${reference} has no version ${version}.` };
};
