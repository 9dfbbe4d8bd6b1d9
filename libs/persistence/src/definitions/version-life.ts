import type { EntityManager } from 'typeorm';
import { audit } from '../audit/audit-record.js';
import { ProcessVersion, type Process } from '../entities/index.js';
import { lockProcessById } from './processes.js';
import { findReferences } from './references.js';

/** Withdraws a version, so that nothing new starts with it, or offers it again; null: there is no such version. */
export const changeVersionStatus = (
  manager: EntityManager,
  processId: string,
  number: number,
  status: ProcessVersion['status'],
): Promise<ProcessVersion | null> =>
  manager.transaction(async (transaction) => {
    const process = await lockProcessById(transaction, processId);
    const versions = transaction.getRepository(ProcessVersion);
    const version = await versions.findOneBy({ processId, number });
    if (version === null || version.status === status) return version;
    await versions.update({ id: version.id }, { status });
    await audit.record(transaction, {
      action: 'publish',
      subject: subjectOf(process),
      before: { version: number, status: version.status },
      after: { version: number, status },
    });
    return Object.assign(version, { status });
  });

/** What keeps a version from being removed, one sentence each; empty: it was removed. */
export type VersionRemoval = { readonly removed: boolean; readonly reasons: readonly string[] };

/** Removes a version that is offline, that no run used and that nothing stays with; null: there is no such version. */
export const removeVersion = (manager: EntityManager, processId: string, number: number): Promise<VersionRemoval | null> =>
  manager.transaction(async (transaction) => {
    const process = await lockProcessById(transaction, processId);
    const versions = transaction.getRepository(ProcessVersion);
    const version = await versions.findOneBy({ processId, number });
    if (version === null) return null;
    const reasons = await reasonsToKeep(transaction, process, version);
    if (reasons.length > 0) return { removed: false, reasons };
    await versions.delete({ id: version.id });
    const before = { version: number, digest: version.digest.toString('hex') };
    await audit.record(transaction, { action: 'delete', subject: subjectOf(process), before });
    return { removed: true, reasons };
  });

const reasonsToKeep = async (transaction: EntityManager, process: Process, version: ProcessVersion): Promise<string[]> => {
  const { number } = version;
  const { schedules, triggers, callers } = await findReferences(transaction, process);
  const [used] = await transaction.query<{ used: boolean }[]>(
    'select exists (select from runtime.process_instance where process_id = $1 and process_version = $2) as used',
    [process.id, number],
  );
  return [
    ...(version.status === 'published' ? ['it is published: take it offline first'] : []),
    ...(number === process.latestVersion ? ['it is the newest one, whose number must not be given again'] : []),
    ...(used?.used ? ['runs used it, and name it'] : []),
    ...schedules
      .filter(({ version: pinned }) => pinned === number)
      .map(({ namespace, name }) => `the schedule ${namespace}/${name} stays with it`),
    ...triggers
      .filter(({ version: pinned }) => pinned === number)
      .map(({ namespace, name }) => `the trigger ${namespace}/${name} stays with it`),
    ...callers.filter(({ pins }) => pins.includes(number)).map((caller) => `${caller.namespace}/${caller.name} runs it`),
  ];
};

const subjectOf = ({ id, name, namespace }: Process) => ({ kind: 'Process', id, name, namespace });
