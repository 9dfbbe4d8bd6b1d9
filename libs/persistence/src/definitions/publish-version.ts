import type { JsonObject } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { audit, type AuditEntry } from '../audit/audit-record.js';
import { ProcessDraft, ProcessVersion, type Process, type SourceFormat } from '../entities/index.js';
import { DefinitionConflict } from './definition-conflict.js';
import { documentDigest } from './document-digest.js';
import { lockProcess, lockProcessById, saveProcess, type ProcessIdentity } from './processes.js';

/** A checked document that becomes a version. */
export interface PublishRequest {
  readonly identity: ProcessIdentity;
  readonly document: JsonObject;
  readonly source: string;
  readonly sourceFormat: SourceFormat;
  readonly actor: string;
  /** The draft this comes from: it is removed, unless it has changed since (then nothing is published). */
  readonly draft?: { readonly processId: string; readonly etag: string };
}

/** What publishing led to. */
export interface Published {
  readonly process: Process;
  readonly version: ProcessVersion;
  /** False: the newest version already had this content. */
  readonly created: boolean;
}

/**
 * Stores a document as the next version of its process, which is made when it is new. The same content as the newest published
 * version answers with that version; going back to older content makes a new version, so that it is what runs.
 */
export const publishVersion = (manager: EntityManager, request: PublishRequest): Promise<Published> =>
  manager.transaction(async (transaction) => {
    const process = request.draft
      ? await takeDraft(transaction, request.draft, request.identity)
      : await lockProcess(transaction, request.identity, request.actor);
    const versions = transaction.getRepository(ProcessVersion);
    const digest = documentDigest(request.document);
    const newest = await versions.findOne({ where: { processId: process.id }, order: { number: 'DESC' } });
    const same = newest !== null && newest.status === 'published' && newest.digest.equals(digest);
    const version = same
      ? newest
      : Object.assign(new ProcessVersion(), {
          id: uuidv7(),
          processId: process.id,
          number: (newest?.number ?? 0) + 1,
          status: 'published',
          document: request.document,
          source: request.source,
          sourceFormat: request.sourceFormat,
          digest,
          description: request.identity.description ?? '',
          createdBy: request.actor,
          createdAt: await now(transaction),
        });
    // `insert` of a row with free JSON is too deep for its type: `save` of a new one says the same.
    if (!same) await versions.save(version);
    const before = same ? null : { latestVersion: process.latestVersion, name: process.name };
    await saveProcess(transaction, applyIdentity(process, request, version.number, await now(transaction)));
    if (before !== null) await audit.record(transaction, publication(process, version, before));
    return { process, version, created: !same };
  });

const publication = (process: Process, version: ProcessVersion, before: object): AuditEntry => ({
  action: 'publish',
  subject: { kind: 'Process', id: process.id, name: process.name, namespace: process.namespace },
  before,
  after: { latestVersion: version.number, name: process.name, digest: version.digest.toString('hex') },
});

const applyIdentity = (process: Process, { identity, actor }: PublishRequest, number: number, at: Date): Process =>
  Object.assign(process, {
    namespace: identity.namespace,
    name: identity.name,
    legacyId: identity.legacyId ?? process.legacyId,
    description: identity.description ?? '',
    labels: identity.labels ?? {},
    latestVersion: number,
    updatedBy: actor,
    updatedAt: at,
  });

/** The draft's own process, locked; its document may have given it another name. */
const takeDraft = async (transaction: EntityManager, draft: { processId: string; etag: string }, identity: ProcessIdentity) => {
  const process = await lockProcessById(transaction, draft.processId);
  if (process.namespace !== identity.namespace) {
    throw new DefinitionConflict(
      'process.name-taken',
      `The process ${process.namespace}/${process.name} cannot move to another namespace.`,
    );
  }
  const { affected } = await transaction.getRepository(ProcessDraft).delete({ processId: draft.processId, etag: draft.etag });
  if (affected === 1) return process;
  const left = await transaction.getRepository(ProcessDraft).existsBy({ processId: draft.processId });
  throw left
    ? new DefinitionConflict('draft.changed', 'The draft has been saved by somebody else: read it again.')
    : new DefinitionConflict('draft.missing', 'There is no draft to publish.');
};

const now = async (transaction: EntityManager): Promise<Date> => {
  const [row] = await transaction.query<{ now: Date }[]>('select now()');
  return row?.now ?? new Date();
};
