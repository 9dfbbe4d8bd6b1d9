import { type ObjectRights, type Principal } from '@orderlines/auth';
import type { ComparedSide, CompareBody, CompareQuery, VersionComparison, VersionReference } from '@orderlines/contracts';
import { findDraft, findVersion, type Process, type ProcessDraft, type ProcessVersion } from '@orderlines/persistence';
import { compareProcesses, processDocumentSchema, type ProcessDocument } from '@orderlines/process-engine';
import type { EntityManager } from 'typeorm';
import { notFound, RequestRefused } from '../problems/request-refused.js';
import { identityOf, refusedDefinition, type Definitions } from './definitions.js';
import { requireProcess, requireVersion } from './process-reference.js';

interface Side {
  readonly side: ComparedSide;
  readonly document: ProcessDocument;
}

/** Says what differs between versions, drafts and definitions that are not stored yet. */
export class Comparisons {
  constructor(
    private readonly manager: EntityManager,
    private readonly definitions: Definitions,
    private readonly objects: ObjectRights,
  ) {}

  /** Compares two versions of a process, or one with its draft. */
  async compare(reference: string, query: CompareQuery): Promise<VersionComparison> {
    const process = await requireProcess(this.manager, reference);
    const to = await this.sideOf(process, query.to ?? ((await findDraft(this.manager, process.id)) ? 'draft' : 'latest'));
    const from = await this.sideOf(process, query.from ?? (await this.before(process, to.side)));
    return comparisonOf(process, from, to);
  }

  /** Compares a definition with what is stored of the process that it names. */
  async compareDefinition({ content, format, from }: CompareBody, principal: Principal): Promise<VersionComparison> {
    const { document, problems } = await this.definitions.read({ content, format });
    if (document === undefined) throw refusedDefinition(problems, 'The definition cannot be read');
    const { namespace, name } = identityOf(document);
    await this.objects.require(principal, { action: 'read', subject: 'Process' }, `${namespace}/${name}`);
    const process = await requireProcess(this.manager, `${namespace}/${name}`);
    return comparisonOf(process, await this.sideOf(process, from), { side: { label: 'the definition', version: null }, document });
  }

  /** What a version or draft is compared with when nobody says it: the version before it. */
  private async before({ id, namespace, name }: Process, { version }: ComparedSide): Promise<VersionReference> {
    if (version === null) return 'latest';
    const older = await this.manager.query<{ number: number }[]>(
      'select number from definition.process_version where process_id = $1 and number < $2 order by number desc limit 1',
      [id, version],
    );
    if (older[0] !== undefined) return older[0].number;
    throw new RequestRefused(
      'process-version.nothing-before',
      `Version ${version} is the first one of ${namespace}/${name}: there is none to compare it with.`,
      409,
    );
  }

  private async sideOf(process: Process, wanted: VersionReference): Promise<Side> {
    if (wanted === 'draft') return this.draftSide(process, await findDraft(this.manager, process.id));
    if (wanted !== 'latest') return versionSide(await requireVersion(this.manager, process, wanted));
    const newest = await findVersion(this.manager, process.id);
    if (newest) return versionSide(newest);
    const message = `${process.namespace}/${process.name} has no published version.`;
    throw new RequestRefused('process.not-published', message, 409);
  }

  private async draftSide({ namespace, name }: Process, draft: ProcessDraft | null): Promise<Side> {
    if (draft === null) throw notFound('draft.missing', `${namespace}/${name} has no draft.`);
    const format = draft.sourceFormat.endsWith('json') ? 'json' : 'yaml';
    const { document, problems } = await this.definitions.read({ content: draft.source, format });
    if (document === undefined) throw refusedDefinition(problems, `The draft of ${namespace}/${name} cannot be read`);
    return { side: { label: 'the draft', version: null }, document };
  }
}

const versionSide = ({ number, document }: ProcessVersion): Side => ({
  side: { label: `version ${number}`, version: number },
  document: processDocumentSchema.parse(document),
});

const comparisonOf = ({ namespace, name }: Process, from: Side, to: Side): VersionComparison => ({
  process: `${namespace}/${name}`,
  from: from.side,
  to: to.side,
  ...compareProcesses(from.document, to.document),
});
