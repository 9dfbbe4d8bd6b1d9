import { isTerminalProcess, type Failure } from '@orderlines/contracts';
import { type ChildLink, wishForChild } from '../../child-links.js';
import type { ChildEvent, RunEvent, RunOperation } from '../../event.js';
import type { Run } from '../../state.js';
import type { Parent } from './database.js';

/** What a look at a run and the one that asked for it leads to: the child begins, or one of them hears of the other. */
export type LinkStep = 'start' | { readonly to: 'parent' | 'child'; readonly event: RunEvent };

const NEVER_STARTED: Failure = { reason: 'stopped', message: 'Stopped before it had begun.' };

/** Decided by the states of both as they are now, so that a look too many changes nothing. */
export function stepBetween(
  link: ChildLink,
  parent: Run,
  child: { readonly run: Run; readonly parent: Parent | null } | undefined,
  refusal: Failure | undefined,
): LinkStep | null {
  const wish = wishForChild(parent, link);
  const tellParent = (outcome: ChildEvent['outcome']): LinkStep => ({ to: 'parent', event: { kind: 'child', ...link, outcome } });
  if (!child) {
    if (wish === 'stopped' || wish === 'stopped by force') return tellParent({ status: 'STOP', failure: NEVER_STARTED });
    if (wish === 'paused') return null;
    return refusal ? tellParent({ status: 'FAILURE', failure: refusal }) : 'start';
  }
  const { run } = child;
  if (child.parent?.taskInstanceId !== link.taskInstanceId) return null;
  if (!child.parent.waits) return tellParent({ status: 'STARTED' });
  if (isTerminalProcess(run.status)) return tellParent(outcomeOf(run));
  const actor = `run ${child.parent.runId}`;
  const asks = (operation: RunOperation): LinkStep => ({
    to: 'child',
    event: { kind: 'operation', operation, actor },
  });
  if (wish === 'stopped') return asks({ name: 'stop' });
  if (wish === 'stopped by force') return asks({ name: 'stop', force: true });
  if (wish === 'paused') return run.status === 'RUNNING' ? asks({ name: 'pause' }) : null;
  return run.waitsFor?.kind === 'paused' && run.waitsFor.by === actor ? asks({ name: 'resume' }) : null;
}

function outcomeOf({ status, outputs, error }: Run): ChildEvent['outcome'] {
  if (status === 'SUCCESS') return { status, outputs: outputs ?? {} };
  return { status: status === 'STOP' ? 'STOP' : 'FAILURE', failure: error ?? { reason: 'stopped', message: 'It ended without a word.' } };
}
