import { IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { audit } from '../audit/audit-record.js';
import { admitProcess } from '../access/namespaces.js';
import { Process, ProcessDraft, ProcessVersion } from '../entities/index.js';
import { ambiguousProcess, DefinitionConflict } from './definition-conflict.js';
import { readProcessReference } from './process-reference.js';
import { findReferences, type References } from './references.js';
import { constraintOf } from '../postgres-error.js';

/** Who a process is, as its document says. */
export interface ProcessIdentity {
  readonly namespace: string;
  readonly name: string;
  /** `process_id` of a file of the older format; absent keeps what is stored. */
  readonly legacyId?: string;
  readonly description?: string;
  readonly labels?: Record<string, string>;
}

/** Finds a process by its id, by `namespace/name`, or by the `process_id` of an imported file. Removed ones are not found. */
export const findProcess = async (manager: EntityManager, reference: string): Promise<Process | null> => {
  const processes = manager.getRepository(Process);
  for (const { kind: _kind, ...columns } of readProcessReference(reference)) {
    const found = await processes.find({ where: { ...columns, removedAt: IsNull() }, take: 2 });
    if (found.length > 1) throw ambiguousProcess(reference);
    if (found[0]) return found[0];
  }
  return null;
};

/** A version by number, or the newest published one; null when there is none. */
export const findVersion = async (manager: EntityManager, processId: string, number?: number): Promise<ProcessVersion | null> =>
  manager.getRepository(ProcessVersion).findOne({
    where: { processId, ...(number === undefined ? { status: 'published' as const } : { number }) },
    order: { number: 'DESC' },
  });

/** The process of that namespace and name, made when it is missing, its row locked until the transaction ends. */
export const lockProcess = async (manager: EntityManager, identity: ProcessIdentity, actor: string): Promise<Process> => {
  const find = () =>
    manager.getRepository(Process).findOne({
      where: { namespace: identity.namespace, name: identity.name, removedAt: IsNull() },
      lock: { mode: 'for_no_key_update' },
    });
  const known = await find();
  if (known) return known;
  await admitProcess(manager, identity.namespace, actor);
  await manager
    .createQueryBuilder()
    .insert()
    .into(Process)
    .values({
      id: uuidv7(),
      namespace: identity.namespace,
      name: identity.name,
      description: identity.description ?? '',
      createdBy: actor,
      updatedBy: actor,
    })
    .orIgnore()
    .updateEntity(false)
    .execute();
  const made = await find();
  if (!made) throw new DefinitionConflict('process.missing', `The process ${identity.namespace}/${identity.name} was removed meanwhile.`);
  return made;
};

/** The process of that id, its row locked until the transaction ends. */
export const lockProcessById = async (manager: EntityManager, id: string): Promise<Process> => {
  const process = await manager.getRepository(Process).findOne({ where: { id, removedAt: IsNull() }, lock: { mode: 'for_no_key_update' } });
  if (!process) throw new DefinitionConflict('process.missing', `There is no process ${id}.`);
  return process;
};

/** Saves a changed process row; a name or `process_id` that another process has is refused. */
export const saveProcess = async (manager: EntityManager, process: Process): Promise<void> => {
  try {
    await manager.getRepository(Process).update({ id: process.id }, process);
  } catch (error) {
    const constraint = constraintOf(error);
    if (constraint === 'process_name') {
      throw new DefinitionConflict('process.name-taken', `Another process is called ${process.namespace}/${process.name}.`, {
        cause: error,
      });
    }
    if (constraint === 'process_legacy_id') {
      throw new DefinitionConflict(
        'process.legacy-id-taken',
        `Another process of namespace ${process.namespace} has the process_id "${process.legacyId}".`,
        { cause: error },
      );
    }
    throw error;
  }
};

/** What became of a wish to remove a process: done, not there, or refused because of who refers to it. */
export type ProcessRemoval = 'removed' | 'missing' | References;

/** Hides a process that nothing refers to, drops its draft and frees its name; its versions stay for the runs that used them. */
export const removeProcess = (manager: EntityManager, id: string, actor: string): Promise<ProcessRemoval> =>
  manager.transaction(async (transaction) => {
    const found = await transaction.getRepository(Process).findOne({
      where: { id, removedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    if (!found) return 'missing';
    const references = await findReferences(transaction, found);
    const { schedules, triggers, callers, unfinishedRuns } = references;
    if (unfinishedRuns > 0 || [schedules, triggers, callers].some(({ length }) => length > 0)) return references;
    await transaction.getRepository(ProcessDraft).delete({ processId: id });
    await transaction.getRepository(Process).update({ id }, { removedAt: () => 'now()', updatedAt: () => 'now()', updatedBy: actor });
    const subject = { kind: 'Process', id, name: found.name, namespace: found.namespace };
    await audit.record(transaction, { action: 'delete', subject, before: { latestVersion: found.latestVersion } });
    return 'removed';
  });
