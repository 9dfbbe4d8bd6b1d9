import type { Problem } from '@orderlines/contracts';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { audit } from '../audit/audit-record.js';
import { ProcessDraft, type Process, type SourceFormat } from '../entities/index.js';
import { DefinitionConflict } from './definition-conflict.js';
import { lockProcess, lockProcessById, type ProcessIdentity } from './processes.js';

/** A text to be kept as the draft of a process. */
export interface SaveDraftRequest {
  /** A process that is there, or the identity of one that is made when it is missing. */
  readonly process: { readonly id: string } | ProcessIdentity;
  readonly source: string;
  readonly sourceFormat: SourceFormat;
  readonly problems: readonly Problem[];
  readonly actor: string;
  /** ETag the draft must have, or null: there must be none; absent: whatever there is, is overwritten. */
  readonly ifMatch?: string | null;
}

/** The draft of a process, or null. */
export const findDraft = (manager: EntityManager, processId: string): Promise<ProcessDraft | null> =>
  manager.getRepository(ProcessDraft).findOneBy({ processId });

/** Saves the one draft of a process under a new ETag. */
export const saveDraft = (manager: EntityManager, request: SaveDraftRequest): Promise<{ process: Process; draft: ProcessDraft }> =>
  manager.transaction(async (transaction) => {
    const process =
      'id' in request.process
        ? await lockProcessById(transaction, request.process.id)
        : await lockProcess(transaction, request.process, request.actor);
    const drafts = transaction.getRepository(ProcessDraft);
    const stored = await drafts.findOneBy({ processId: process.id });
    if (request.ifMatch !== undefined && request.ifMatch !== (stored?.etag ?? null)) {
      throw new DefinitionConflict('draft.changed', 'The draft has been saved by somebody else: read it again.');
    }
    const draft = await drafts.save({
      processId: process.id,
      source: request.source,
      sourceFormat: request.sourceFormat,
      problems: [...request.problems],
      etag: randomUUID(),
      updatedBy: request.actor,
      updatedAt: new Date(),
    });
    const subject = { kind: 'Process', id: process.id, name: process.name, namespace: process.namespace };
    const told = stored && { etag: stored.etag, updatedBy: stored.updatedBy };
    await audit.record(transaction, {
      action: 'write',
      subject,
      before: told,
      after: { etag: draft.etag, problems: request.problems.length },
    });
    return { process, draft };
  });

/** Throws the draft away; false: there was none. */
export const discardDraft = (
  manager: EntityManager,
  { id, name, namespace }: Pick<Process, 'id' | 'name' | 'namespace'>,
): Promise<boolean> =>
  manager.transaction(async (transaction) => {
    const drafts = transaction.getRepository(ProcessDraft);
    const stored = await drafts.findOneBy({ processId: id });
    if (stored === null) return false;
    await drafts.delete({ processId: id });
    const { etag, updatedBy } = stored;
    await audit.record(transaction, { action: 'discard', subject: { kind: 'Process', id, name, namespace }, before: { etag, updatedBy } });
    return true;
  });
