import { findProcess } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import type { ManifestRequest } from './manifest-kind.js';

/** A process as `<process>[@n]` names it, without the version. */
export const withoutVersion = (process: string): string => process.replace(/@\d{1,9}$/, '');

/** `<process>[@n]` with the namespace that its things go to. */
export const movedProcess = (process: string, namespaceFor: ManifestRequest['namespaceFor']): string =>
  process.replace(/^([^/]+)\//, (_, from: string) => `${namespaceFor(from)}/`);

/** `<process>[@n]` as rows of schedules and triggers name it; what is not there stays as it is written. */
export const processAsStored = async (manager: EntityManager, process: string): Promise<string> => {
  const found = await findProcess(manager, withoutVersion(process));
  return found === null ? process : `${found.namespace}/${found.name}${process.slice(withoutVersion(process).length)}`;
};
