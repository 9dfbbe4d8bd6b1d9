import { actorOf, type Principal } from '@orderlines/auth';
import type {
  CompareBody,
  CompareQuery,
  CopyProcessBody,
  RestoreVersionBody,
  SavedProcess,
  VersionComparison,
  VersionSummary,
} from '@orderlines/contracts';
import {
  changeVersionStatus,
  findDraft,
  findProcess,
  findVersion,
  removeVersion,
  type Process,
  type ProcessVersion,
} from '@orderlines/persistence';
import { compareDefinitions, compile, processDocumentSchema, renamedSource, type ProcessDocument } from '@orderlines/process-engine';
import type { EntityManager } from 'typeorm';
import { RequestRefused } from '../problems/request-refused.js';
import type { Definitions } from './definitions.js';
import type { Drafts, TaggedDraft } from './drafts.js';
import { noPublishedVersion, noSuchVersion, requireProcess, requireVersion } from './process-reference.js';
import { textOf } from './stored-text.js';

type Side = CompareQuery['from'];
/** One side of a comparison. */
interface Compared {
  readonly name: VersionComparison['from'];
  readonly document: ProcessDocument;
}

/** The life of versions after they were published. */
export class Versions {
  constructor(
    private readonly manager: EntityManager,
    private readonly definitions: Definitions,
    private readonly drafts: Drafts,
  ) {}

  /** How two versions of a process differ, or a version and its draft. */
  async compare(reference: string, { from, to }: CompareQuery): Promise<VersionComparison> {
    const process = await requireProcess(this.manager, reference);
    return comparison(await this.side(process, from), await this.side(process, to));
  }

  /** How a text differs from what is stored of a process. */
  async compareText(reference: string, { from, content, format }: CompareBody): Promise<VersionComparison> {
    const process = await requireProcess(this.manager, reference);
    const { document } = await this.definitions.readable({ content, format });
    return comparison(await this.side(process, from), { name: 'text', document });
  }

  /** Withdraws a version or offers it again. */
  async changeStatus(reference: string, number: number, status: ProcessVersion['status']): Promise<VersionSummary> {
    const process = await requireProcess(this.manager, reference);
    const version = await changeVersionStatus(this.manager, process.id, number, status);
    if (version === null) throw noSuchVersion(process, number);
    return summaryOf(version);
  }

  /** Makes the text of a version the draft of its process. */
  async restore(reference: string, number: number, { replaceDraft }: RestoreVersionBody, principal: Principal): Promise<TaggedDraft> {
    const process = await requireProcess(this.manager, reference);
    const version = await requireVersion(this.manager, process, number);
    return this.drafts.save(process.id, textOf(version), actorOf(principal), replaceDraft ? undefined : null);
  }

  /** Publishes a version as a process of another name or namespace. */
  async copy(reference: string, { namespace, name, version: number }: CopyProcessBody, principal: Principal): Promise<SavedProcess> {
    const process = await requireProcess(this.manager, reference);
    const version = number === undefined ? await this.latest(process) : await requireVersion(this.manager, process, number);
    const { source, sourceFormat } = version;
    const document = processDocumentSchema.parse(version.document);
    const identity = { namespace, name: name ?? process.name };
    const copied = { ...document, ...identity };
    await this.definitions.requirePublishing(principal, copied, compile(copied));
    const taken = `${identity.namespace}/${identity.name}`;
    if (await findProcess(this.manager, taken)) {
      throw new RequestRefused('process.name-taken', `There is a process ${taken} already: give the copy another name.`, 409);
    }
    const renamed = renamedSource({ source, sourceFormat, document }, identity);
    return (await this.definitions.build({ ...renamed, draft: false, dry: false }, principal)).saved;
  }

  /** Removes a version that nothing needs. */
  async remove(reference: string, number: number): Promise<void> {
    const process = await requireProcess(this.manager, reference);
    const removal = await removeVersion(this.manager, process.id, number);
    if (removal === null) throw noSuchVersion(process, number);
    if (removal.removed) return;
    const what = `Version ${number} of ${process.namespace}/${process.name} cannot be removed`;
    throw new RequestRefused('process-version.in-use', `${what}: ${removal.reasons.join('; ')}.`, 409);
  }

  private async side(process: Process, side: Side): Promise<Compared> {
    if (side === 'draft') return { name: 'draft', document: await this.draftOf(process) };
    const version = side === 'latest' ? await this.latest(process) : await requireVersion(this.manager, process, side);
    return { name: version.number, document: processDocumentSchema.parse(version.document) };
  }

  private async latest(process: Process): Promise<ProcessVersion> {
    const version = await findVersion(this.manager, process.id);
    if (version === null) throw noPublishedVersion(process);
    return version;
  }

  private async draftOf(process: Process): Promise<ProcessDocument> {
    const draft = await findDraft(this.manager, process.id);
    // Without a draft, what would be edited is the latest version.
    if (draft === null) return processDocumentSchema.parse((await this.latest(process)).document);
    return (await this.definitions.readable(textOf(draft))).document;
  }
}

const comparison = (from: Compared, to: Compared): VersionComparison => ({
  from: from.name,
  to: to.name,
  ...compareDefinitions(from.document, to.document),
});

const summaryOf = ({ id, number, status, sourceFormat, description, createdBy, createdAt }: ProcessVersion): VersionSummary => ({
  ...{ id, number, status, sourceFormat, description, createdBy },
  createdAt: createdAt.toISOString(),
});
