import { isContainer } from '../containers.js';
import type { CompiledProcess } from '../../definition/compiled.js';
import { documentOf, type Execution, type RunDocument } from '../document.js';
import type { Run } from '../state.js';

/**
 * What in a run neither moves nor says what it waits for: always empty. An execution is queued, held by a worker, around scopes that are
 * open, or waits for something named; a token between two nodes waits for the end of a pause or for the rest of its transition.
 */
export function unexplained(process: CompiledProcess, run: Run): readonly string[] {
  const document = documentOf(run);
  const { executions, scopes, timers } = document;
  const continues = Object.values(timers).some(({ kind }) => kind === 'continue');
  return [
    ...Object.values(executions)
      .filter((execution) => !isExplained(process, document, execution))
      .map(({ nodeId, status }) => `${nodeId} ${status}`),
    ...Object.values(scopes)
      .filter(({ due }) => due !== undefined && !document.paused && !continues)
      .map(({ id }) => `the token of scope ${id}`),
    ...Object.values(scopes)
      .filter(({ graph }) => graph?.open === 0 && !document.paused && !continues)
      .map(({ id }) => `the dag of scope ${id}`),
  ];
}

function isExplained(process: CompiledProcess, { scopes, timers, paused }: RunDocument, execution: Execution): boolean {
  const { id, nodeId, status, waitsFor, timer, session, due, callback } = execution;
  if (status === 'PENDING') return waitsFor === undefined;
  if (waitsFor?.kind === 'retry' || waitsFor?.kind === 'timer') {
    return due ? paused !== undefined : timer !== undefined && timers[timer] !== undefined;
  }
  if (waitsFor) return status === (waitsFor.kind === 'operator' ? 'FAILURE' : 'WAITING');
  if (session !== undefined) return true;
  const node = callback ? undefined : process.nodes.get(nodeId);
  return node !== undefined && isContainer(node) && Object.values(scopes).some(({ container }) => container === id);
}
