import { findProcess, findVersion, ProcessVersion, type Process } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { notFound, RequestRefused } from '../problems/request-refused.js';

/** The process that is meant by its id, by `namespace/name`, or by the `process_id` of an imported file; refused when there is none. */
export const requireProcess = async (manager: EntityManager, reference: string): Promise<Process> => {
  const process = await findProcess(manager, reference);
  if (process) return process;
  throw notFound('process.not-found', `There is no process "${reference}": name it by its id, as namespace/name, or by its process_id.`);
};

/** A version of a process by its number, published or not; refused when there is none. */
export const requireVersion = async (manager: EntityManager, process: Process, number: number): Promise<ProcessVersion> => {
  const version = await findVersion(manager, process.id, number);
  if (version) return version;
  throw noSuchVersion(process, number);
};

/** A version as far as it takes to start it: without its document and text, which may have megabytes. */
export type RunnableVersion = Pick<ProcessVersion, 'id' | 'number'>;

/** The version that `<process>[@n]` would run: the latest published one unless a number is given. */
export const versionToRun = async (manager: EntityManager, reference: string): Promise<{ process: Process; version: RunnableVersion }> => {
  const { process, number } = await splitReference(manager, reference);
  const name = `${process.namespace}/${process.name}`;
  const version = await manager.getRepository(ProcessVersion).findOne({
    select: { id: true, number: true, status: true },
    where: { processId: process.id, ...(number === undefined ? { status: 'published' } : { number }) },
    order: { number: 'DESC' },
  });
  if (!version && number !== undefined) throw noSuchVersion(process, number);
  if (!version) throw new RequestRefused('process.not-published', `${name} has no published version: publish its draft first.`, 409);
  if (version.status === 'published') return { process, version };
  throw new RequestRefused('process-version.offline', `Version ${version.number} of ${name} is offline: start another one.`, 409);
};

const noSuchVersion = (process: Process, number: number): RequestRefused => {
  const newest = process.latestVersion === null ? 'it has no version yet' : `the newest is ${process.latestVersion}`;
  return notFound('process-version.not-found', `${process.namespace}/${process.name} has no version ${number}: ${newest}.`);
};

/** A `process_id` of the older format may have an `@` in it, so the whole is tried first. */
const splitReference = async (manager: EntityManager, reference: string): Promise<{ process: Process; number?: number }> => {
  const [, name, number] = /^(.+)@(\d{1,9})$/.exec(reference) ?? [];
  if (name === undefined) return { process: await requireProcess(manager, reference) };
  const whole = await findProcess(manager, reference);
  return whole ? { process: whole } : { process: await requireProcess(manager, name), number: Number(number) };
};
