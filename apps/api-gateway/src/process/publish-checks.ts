import type { Principal } from '@orderlines/auth';
import type { DefinitionBody, PublishCheck } from '@orderlines/contracts';
import { findDraft, findProcess, findReferences, findVersion, findVersionToRun, readVariables } from '@orderlines/persistence';
import {
  compareDefinitions,
  compile,
  DEFAULT_NAMESPACE,
  hostsOf,
  processDocumentSchema,
  type CompiledProcess,
  type ProcessDocument,
} from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Secrets } from '../secret/secrets.js';
import type { TaskTypes } from '../worker/task-types.js';
import type { Definitions } from './definitions.js';
import type { ReadingResult } from './definition-readers.js';
import { noDraft } from './drafts.js';
import { requireProcess } from './process-reference.js';

const NOTHING_MISSING: PublishCheck['missing'] = { secrets: [], variables: [], queues: [], processes: [] };
const NOTHING_TOUCHED: PublishCheck['touches'] = { schedules: [], triggers: [], callers: [], unfinishedRuns: 0, hosts: [] };

/** Says what publishing a definition would do, before somebody does it. */
export class PublishChecks {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
    private readonly definitions: Definitions,
    private readonly secrets: Secrets,
    private readonly taskTypes: TaskTypes,
  ) {}

  /** Of the draft of a process. */
  async ofDraft(reference: string, principal: Principal): Promise<PublishCheck> {
    const { id, namespace, name } = await requireProcess(this.manager, reference);
    const draft = await findDraft(this.manager, id);
    if (draft === null) throw noDraft(namespace, name);
    const format = draft.sourceFormat.endsWith('json') ? 'json' : 'yaml';
    return this.ofText({ content: draft.source, format }, principal);
  }

  /** Of a text. What is stored is told to those only who may publish it. */
  async ofText(body: DefinitionBody, principal: Principal): Promise<PublishCheck> {
    const read = await this.definitions.read(body);
    const { document } = read;
    if (document === undefined) return checkOf(read, { version: null, changes: null, missing: NOTHING_MISSING, touches: NOTHING_TOUCHED });
    await this.definitions.requirePublishing(principal, document);
    const missing = read.problems.some(({ severity }) => severity === 'error') ? NOTHING_MISSING : await this.missing(document);
    return checkOf(read, { ...(await this.changes(document)), missing, touches: await this.touches(document) });
  }

  private async changes(document: ProcessDocument): Promise<Pick<PublishCheck, 'version' | 'changes'>> {
    const process = await findProcess(this.manager, fullName(document));
    const published = process && (await findVersion(this.manager, process.id));
    if (!published) return { version: null, changes: null };
    return { version: published.number, changes: compareDefinitions(processDocumentSchema.parse(published.document), document) };
  }

  private async touches(document: ProcessDocument): Promise<PublishCheck['touches']> {
    const hosts = hostsOf(document);
    const process = await findProcess(this.manager, fullName(document));
    return process === null ? { ...NOTHING_TOUCHED, hosts } : { ...(await findReferences(this.manager, process)), hosts };
  }

  private async missing(document: ProcessDocument): Promise<PublishCheck['missing']> {
    const compiled = compile(document);
    const namespace = document.namespace ?? DEFAULT_NAMESPACE;
    const [secrets, variables, workers] = await Promise.all([
      this.secrets.names(),
      readVariables(this.pool, namespace, [...compiled.config]),
      this.taskTypes.workers(),
    ]);
    const known = new Set([...(secrets.get(namespace) ?? []), ...(secrets.get('') ?? [])]);
    const served = new Set(workers.flatMap(({ queues }) => queues));
    return {
      secrets: [...compiled.secrets].filter((name) => !known.has(name)).toSorted(),
      variables: [...compiled.config].filter((name) => !variables.has(name)).toSorted(),
      queues: queuesOf(compiled).filter((queue) => !served.has(queue)),
      processes: await this.missingProcesses(compiled, namespace),
    };
  }

  private async missingProcesses(compiled: CompiledProcess, namespace: string): Promise<string[]> {
    const called = [...compiled.nodes.values()].flatMap((node) => (node.type === 'process' ? [node] : []));
    const missing = await Promise.all(
      called.map(async ({ process, version }) => {
        const reference = process.includes('/') ? process : `${namespace}/${process}`;
        const found = await findVersionToRun(this.pool, reference, typeof version === 'number' ? version : undefined);
        return found?.version?.status === 'published' ? [] : [typeof version === 'number' ? `${reference}@${version}` : reference];
      }),
    );
    return [...new Set(missing.flat())].toSorted();
  }
}

const fullName = ({ namespace = DEFAULT_NAMESPACE, name }: ProcessDocument): string => `${namespace}/${name}`;

const queuesOf = (compiled: CompiledProcess): string[] =>
  [...new Set([...compiled.nodes.values()].flatMap((node) => (node.type === 'task' ? [node.queue] : [])))].toSorted();

const checkOf = (
  { problems, converted }: ReadingResult,
  rest: Pick<PublishCheck, 'version' | 'changes' | 'missing' | 'touches'>,
): PublishCheck => ({
  valid: !problems.some(({ severity }) => severity === 'error'),
  problems: [...problems],
  converted: [...converted],
  ...rest,
});
