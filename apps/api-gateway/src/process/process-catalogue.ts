import type { Principal } from '@orderlines/auth';
import type {
  ProcessDetail,
  ProcessPage,
  ProcessQuery,
  SourceQuery,
  VersionDetail,
  VersionPage,
  VersionQuery,
} from '@orderlines/contracts';
import {
  findDraft,
  findVersion,
  listProcesses,
  listVersions,
  removeProcess,
  type ProcessVersion,
  type References,
} from '@orderlines/persistence';
import { exportLegacy, exportYaml, processDocumentSchema } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { RequestRefused } from '../problems/request-refused.js';
import { noSuchProcess, requireProcess, requireVersion } from './process-reference.js';
import { languageOf } from './stored-text.js';

/** A version as text. */
export interface SourceText {
  readonly text: string;
  readonly language: 'yaml' | 'json';
}

/** Processes and their versions, for reading. */
export class ProcessCatalogue {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
  ) {}

  /** Processes that the principal may see, by namespace and name. */
  list({ cursor, limit, namespace, name }: ProcessQuery, { rights }: Principal): Promise<ProcessPage> {
    const filter = { ...(namespace && { namespace }), ...(name && { name }), limits: rights.limits('read', 'Process') };
    return listProcesses(this.pool, filter, { limit, ...(cursor && { cursor }) });
  }

  /** A process with the document of its latest published version. */
  async get(reference: string): Promise<ProcessDetail> {
    const process = await requireProcess(this.manager, reference);
    const [version, draft] = await Promise.all([findVersion(this.manager, process.id), findDraft(this.manager, process.id)]);
    const { id, namespace, name, legacyId, description, labels, latestVersion, createdBy, updatedBy } = process;
    return {
      ...{ id, namespace, name, legacyId, description, labels, latestVersion, createdBy, updatedBy },
      createdAt: process.createdAt.toISOString(),
      updatedAt: process.updatedAt.toISOString(),
      document: version?.document ?? null,
      hasDraft: draft !== null,
    };
  }

  /** Versions of a process, newest first. */
  async versions(reference: string, { cursor, limit }: VersionQuery): Promise<VersionPage> {
    const { id } = await requireProcess(this.manager, reference);
    return listVersions(this.pool, id, { limit, ...(cursor && { cursor }) });
  }

  /** One version. */
  async version(reference: string, number: number): Promise<VersionDetail> {
    const { id, status, sourceFormat, description, createdBy, createdAt, document, source } = await this.find(reference, number);
    return { id, number, status, sourceFormat, description, createdBy, createdAt: createdAt.toISOString(), document, source };
  }

  /** One version as text: as it was written where the form is that one, else made from the document. */
  async source(reference: string, number: number, { format }: SourceQuery): Promise<SourceText> {
    const version = await this.find(reference, number);
    const { sourceFormat, source } = version;
    const written = sourceFormat.startsWith('legacy') ? 'legacy' : sourceFormat;
    if (format === undefined || format === written) return { text: source, language: languageOf(sourceFormat) };
    const document = processDocumentSchema.parse(version.document);
    if (format === 'json') return { text: asText(document), language: 'json' };
    if (format === 'yaml') return { text: exportYaml(document), language: 'yaml' };
    const { legacyId } = await requireProcess(this.manager, reference);
    const { object, problems } = exportLegacy(document, legacyId ?? undefined);
    if (object) return { text: asText(object), language: 'json' };
    throw new RequestRefused('definition.inexpressible', 'The older format cannot say this; export it as YAML or JSON.', 422, {
      errors: problems,
    });
  }

  /** Removes a process and its draft; refused while something refers to it. */
  async remove(reference: string, actor: string): Promise<void> {
    const { id, namespace, name } = await requireProcess(this.manager, reference);
    const removal = await removeProcess(this.manager, id, actor);
    if (removal === 'removed') return;
    if (removal === 'missing') throw noSuchProcess(reference);
    throw new RequestRefused('process.in-use', `${namespace}/${name} is in use: ${usesOf(removal).join('; ')}.`, 409);
  }

  private async find(reference: string, number: number): Promise<ProcessVersion> {
    return requireVersion(this.manager, await requireProcess(this.manager, reference), number);
  }
}

/** Who keeps a process from being removed, and what to do. */
const usesOf = ({ unfinishedRuns, schedules, triggers, callers }: References): string[] => [
  ...(unfinishedRuns > 0 ? [`${unfinishedRuns} of its runs have not ended (wait for them or stop them)`] : []),
  ...(schedules.length > 0 ? [`schedules start it (${namesOf(schedules)})`] : []),
  ...(triggers.length > 0 ? [`triggers start it (${namesOf(triggers)})`] : []),
  ...(callers.length > 0 ? [`other processes run it (${namesOf(callers)})`] : []),
];

const NAMES_TOLD = 5;
const namesOf = (things: readonly { readonly namespace: string; readonly name: string }[]): string => {
  const names = things.slice(0, NAMES_TOLD).map(({ namespace, name }) => `${namespace}/${name}`);
  return [...names, ...(things.length > NAMES_TOLD ? [`${things.length - NAMES_TOLD} more`] : [])].join(', ');
};

const asText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
