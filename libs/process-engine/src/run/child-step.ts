import { isTerminalProcess, type Failure } from '@orderlines/contracts';
import { type ChildLink, wishForChild } from './child-links.js';
import type { ChildEvent, RunEvent, RunOperation } from './event.js';
import type { Run } from './state.js';

/** A run that a `process` node asked for, as it is now, and which node of which run it says that was. */
export interface ChildRun {
  readonly run: Run;
  readonly parent: { readonly taskInstanceId: string; readonly waits: boolean } | null;
}

/** What a look at a run and the one that asked for it leads to: the child begins, or one of them hears of the other. */
export type ChildStep =
  'start' | { readonly to: 'parent'; readonly event: ChildEvent } | { readonly to: 'child'; readonly event: RunEvent };

const NEVER_STARTED: Failure = { reason: 'stopped', message: 'Stopped before it had begun.' };

/**
 * What has to happen between a run and the one that asked for it, both as they are now. Decided by their states alone: a look too many
 * changes nothing, and one that came late sees what is true now. `refusal` says why a run that is missing cannot be started.
 */
export function childStep(
  { parentId, taskInstanceId, instanceId }: ChildLink & { readonly parentId: string },
  parent: Run,
  child: ChildRun | undefined,
  refusal: Failure | undefined,
): ChildStep | null {
  const wish = wishForChild(parent, { taskInstanceId, instanceId });
  const tellParent = (outcome: ChildEvent['outcome']): ChildStep => ({
    to: 'parent',
    event: { kind: 'child', taskInstanceId, instanceId, outcome },
  });
  if (!child) {
    if (wish === 'stopped' || wish === 'stopped by force') return tellParent({ status: 'STOP', failure: NEVER_STARTED });
    if (wish === 'paused') return null;
    return refusal ? tellParent({ status: 'FAILURE', failure: refusal }) : 'start';
  }
  if (child.parent?.taskInstanceId !== taskInstanceId) return null;
  if (!child.parent.waits) return tellParent({ status: 'STARTED' });
  if (isTerminalProcess(child.run.status)) return tellParent(outcomeOf(child.run));
  const actor = `run ${parentId}`;
  const operation = operationFor(wish, child.run, actor);
  return operation && { to: 'child', event: { kind: 'operation', operation, actor } };
}

function operationFor(wish: ReturnType<typeof wishForChild>, { status, waitsFor }: Run, parent: string): RunOperation | null {
  switch (wish) {
    case 'stopped':
      return { name: 'stop' };
    case 'stopped by force':
      return { name: 'stop', force: true };
    case 'paused':
      return status === 'RUNNING' ? { name: 'pause' } : null;
    case 'runs':
      // A person who has paused it is the one to let it go on.
      return waitsFor?.kind === 'paused' && waitsFor.by === parent ? { name: 'resume' } : null;
  }
}

function outcomeOf({ status, outputs, error }: Run): ChildEvent['outcome'] {
  if (status === 'SUCCESS') return { status, outputs: outputs ?? {} };
  return { status: status === 'STOP' ? 'STOP' : 'FAILURE', failure: error ?? { reason: 'stopped', message: 'It ended without a word.' } };
}
