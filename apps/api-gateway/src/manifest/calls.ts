import { compile, type ProcessDocument } from '@orderlines/process-engine';
import { identityOf } from '../process/definitions.js';

/** The processes that a process runs, as `namespace/name`, each once and in order. */
export const callsOf = (document: ProcessDocument): string[] => {
  const { namespace } = identityOf(document);
  const called = [...compile(document).nodes.values()].flatMap((node) => (node.type === 'process' ? [node.process] : []));
  return [...new Set(called.map((process) => (process.includes('/') ? process : `${namespace}/${process}`)))].toSorted();
};
