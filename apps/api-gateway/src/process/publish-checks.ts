import type { Principal } from '@orderlines/auth';
import type { DefinitionBody, PublishCheck } from '@orderlines/contracts';
import {
  findDraft,
  findProcess,
  findReferences,
  findVersion,
  findVersionToRun,
  readVariables,
  type Process,
} from '@orderlines/persistence';
import {
  compareDefinitions,
  compile,
  hostsOf,
  processDocumentSchema,
  type CompiledProcess,
  type ProcessDocument,
} from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Secrets } from '../secret/secrets.js';
import type { TaskTypes } from '../worker/task-types.js';
import { callsOf, queuesOf } from './calls.js';
import { hasErrors, identityOf, type Definitions } from './definitions.js';
import type { ReadingResult } from './definition-readers.js';
import { noDraft } from './drafts.js';
import { requireProcess } from './process-reference.js';
import { textOf } from './stored-text.js';

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
    return this.ofText(textOf(draft), principal);
  }

  /** Of a text. What is stored is told to those only who may publish it. */
  async ofText(body: DefinitionBody, principal: Principal): Promise<PublishCheck> {
    const read = await this.definitions.read(body);
    const { document } = read;
    if (document === undefined) return checkOf(read, { version: null, changes: null, missing: NOTHING_MISSING, touches: NOTHING_TOUCHED });
    const compiled = hasErrors(read.problems) ? null : compile(document);
    await this.definitions.requirePublishing(principal, document, compiled);
    const { namespace, name } = identityOf(document);
    const process = await findProcess(this.manager, `${namespace}/${name}`);
    return checkOf(read, {
      ...(await this.changes(process, document)),
      missing: compiled === null ? NOTHING_MISSING : await this.missing(compiled, namespace),
      touches: { ...(process === null ? NOTHING_TOUCHED : await findReferences(this.manager, process)), hosts: hostsOf(document) },
    });
  }

  private async changes(process: Process | null, document: ProcessDocument): Promise<Pick<PublishCheck, 'version' | 'changes'>> {
    const published = process && (await findVersion(this.manager, process.id));
    if (!published) return { version: null, changes: null };
    return { version: published.number, changes: compareDefinitions(processDocumentSchema.parse(published.document), document) };
  }

  private async missing(compiled: CompiledProcess, namespace: string): Promise<PublishCheck['missing']> {
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
    const missing = await Promise.all(
      callsOf(compiled, namespace).map(async ({ process, version }) => {
        const number = version === 'latest' ? undefined : version;
        const found = await findVersionToRun(this.pool, process, number);
        return found?.version?.status === 'published' ? [] : [number === undefined ? process : `${process}@${number}`];
      }),
    );
    return [...new Set(missing.flat())].toSorted();
  }
}

const checkOf = (
  { problems, converted }: ReadingResult,
  rest: Pick<PublishCheck, 'version' | 'changes' | 'missing' | 'touches'>,
): PublishCheck => ({
  valid: !hasErrors(problems),
  problems: [...problems],
  converted: [...converted],
  ...rest,
});
