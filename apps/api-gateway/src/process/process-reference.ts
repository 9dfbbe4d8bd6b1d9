import type { Principal } from '@orderlines/auth';
import { findProcess, findVersion, findVersionToRun, type Process, type ProcessVersion, type VersionToRun } from '@orderlines/persistence';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { notFound, RequestRefused } from '../problems/request-refused.js';

/** The process that is meant by its id, by `namespace/name`, or by the `process_id` of an imported file; refused when there is none. */
export const requireProcess = async (manager: EntityManager, reference: string): Promise<Process> => {
  const process = await findProcess(manager, reference);
  if (process) return process;
  throw noSuchProcess(reference);
};

/** Somebody who names a process, and what else than seeing or starting it lets them know of it. */
export interface ProcessReader {
  readonly principal: Principal;
  readonly listing?: 'Instance' | 'Schedule' | 'Trigger';
}

/** The process that is meant; null when there is none, and when its reader knows nothing of it, which is told in the same way. */
export const findKnown = async (
  manager: EntityManager,
  reference: string,
  { principal: { rights }, listing }: ProcessReader,
): Promise<Process | null> => {
  const process = await findProcess(manager, reference);
  if (process === null) return null;
  const { namespace, name, createdBy: owner, labels } = process;
  const object = { namespace, name, owner, labels };
  const isKnown =
    rights.may('read', 'Process', object) ||
    rights.may('start', 'Process', object) ||
    (listing !== undefined && rights.may('read', listing, object));
  return isKnown ? process : null;
};

/** The id of the process that is meant; refused when there is none that its reader knows of. */
export const requireKnown = async (manager: EntityManager, reference: string, reader: ProcessReader): Promise<string> => {
  const process = await findKnown(manager, reference, reader);
  if (process === null) throw noSuchProcess(reference);
  return process.id;
};

/** The id of the process that a list is kept to, if it is to one. */
export const requireListed = async (
  manager: EntityManager,
  reference: string | undefined,
  reader: ProcessReader,
): Promise<string | undefined> => (reference === undefined ? undefined : requireKnown(manager, reference, reader));

/** A version of a process by its number, published or not; refused when there is none. */
export const requireVersion = async (
  manager: EntityManager,
  process: Pick<Process, 'id' | 'namespace' | 'name' | 'latestVersion'>,
  number: number,
): Promise<ProcessVersion> => {
  const version = await findVersion(manager, process.id, number);
  if (version) return version;
  throw noSuchVersion(process, number);
};

/** A process and the version of it that a start runs. */
export type Runnable = VersionToRun & { readonly version: NonNullable<VersionToRun['version']> };

/** The version of a process that a reference means, when it can be run: the latest published one unless a number is given. */
export const requireRunnable = ({ found, number }: Referred): Runnable => {
  const { version } = found;
  const name = `${found.namespace}/${found.name}`;
  if (version === null && number !== undefined) throw noSuchVersion(found, number);
  if (version === null) throw noPublishedVersion(found);
  if (version.status === 'published') return { ...found, version };
  throw new RequestRefused('process-version.offline', `Version ${version.number} of ${name} is offline: start another one.`, 409);
};

/** The refusal of a process that has nothing to run. */
export const noPublishedVersion = ({ namespace, name }: Pick<Process, 'namespace' | 'name'>): RequestRefused =>
  new RequestRefused('process.not-published', `${namespace}/${name} has no published version: publish its draft first.`, 409);

/** The refusal of a number that no version has. */
export const noSuchVersion = (process: Pick<Process, 'namespace' | 'name' | 'latestVersion'>, number: number): RequestRefused => {
  const newest = process.latestVersion === null ? 'it has no version yet' : `the newest is ${process.latestVersion}`;
  return notFound('process-version.not-found', `${process.namespace}/${process.name} has no version ${number}: ${newest}.`);
};

/** What `<process>[@n]` names. */
export interface Referred {
  readonly found: VersionToRun;
  readonly number?: number;
}

/** The process that `<process>[@n]` names. A `process_id` of the older format may have an `@` in it, so the whole is tried first. */
export const findReferred = async (pool: Pool, reference: string): Promise<Referred> => {
  const whole = await findVersionToRun(pool, reference);
  if (whole) return { found: whole };
  const [, name, number] = /^(.+)@(\d{1,9})$/.exec(reference) ?? [];
  const numbered = name === undefined ? null : await findVersionToRun(pool, name, Number(number));
  if (numbered) return { found: numbered, number: Number(number) };
  throw noSuchProcess(name ?? reference);
};

/** The refusal of a reference that names no process. */
export const noSuchProcess = (reference: string): RequestRefused =>
  notFound('process.not-found', `There is no process "${reference}": name it by its id, as namespace/name, or by its process_id.`);
