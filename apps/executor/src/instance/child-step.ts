import { digestOf, isTerminalProcess, referencesIn, type Failure, type Json } from '@orderlines/contracts';
import { wishForChild, type ChildEvent, type Operation, type Run, type RunEvent } from '@orderlines/process-engine';
import type { ValueCopy } from '../store/large-values.sql.js';
import type { LinkItem, StartRequest } from './batch-item.js';
import type { RunInBatch } from './run-in-batch.js';

/** What a look at two runs leads to: the child begins, or one of them hears of the other. */
export type ChildStep = { readonly copies: readonly ValueCopy[] } & (
  { readonly request: StartRequest } | { readonly instanceId: string; readonly event: RunEvent }
);

/** Who a child says has paused or stopped it. */
export const actorOf = (parentId: string): string => `run ${parentId}`;

const NEVER_STARTED: Failure = { reason: 'stopped', message: 'Stopped before it had begun.' };

/**
 * What has to happen between a run and the one that asked for it, both as they are now, under their locks. Decided by their states alone:
 * a look too many changes nothing, and one that came late sees what is true now.
 */
export const nextStep = (item: LinkItem, parent: RunInBatch | undefined, child: RunInBatch | undefined): ChildStep | null => {
  if (!parent?.run) return null;
  const wish = wishForChild(parent.run, item);
  const tellParent = (outcome: ChildEvent['outcome'], copies: readonly ValueCopy[] = []): ChildStep => {
    const { taskInstanceId, instanceId } = item;
    return { copies, instanceId: item.parentId, event: { kind: 'child', taskInstanceId, instanceId, outcome } };
  };
  if (!child?.run) {
    if (wish === 'stopped' || wish === 'stopped by force') return tellParent({ status: 'STOP', failure: NEVER_STARTED });
    if (wish === 'paused' || item.order === null) return null;
    if ('reason' in item.order) return tellParent({ status: 'FAILURE', failure: item.order });
    return { copies: copiesOf(item.order.params, item.parentId, item.instanceId), request: item.order };
  }
  const { identity, run } = child;
  if (identity.parent?.taskInstanceId !== item.taskInstanceId) return null;
  if (!identity.parent.waits) return tellParent({ status: 'STARTED' });
  if (isTerminalProcess(run.status)) return tellParent(outcomeOf(run), copiesOf(run.outputs, item.instanceId, item.parentId));
  const operation = operationFor(wish, run, actorOf(item.parentId));
  if (operation === null) return null;
  const event: RunEvent = { kind: 'operation', operation, actor: actorOf(item.parentId) };
  return { copies: [], instanceId: item.instanceId, event };
};

const operationFor = (wish: ReturnType<typeof wishForChild>, { status, waitsFor }: Run, parent: string): Operation | null => {
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
};

const outcomeOf = ({ status, outputs, error }: Run): ChildEvent['outcome'] => {
  if (status === 'SUCCESS') return { status, outputs: outputs ?? {} };
  const failure = error ?? { reason: 'stopped', message: 'It ended without a word.' };
  return { status: status === 'STOP' ? 'STOP' : 'FAILURE', failure };
};

const copiesOf = (value: Json, from: string, to: string): ValueCopy[] =>
  [...referencesIn(value)].map((reference) => ({ from, to, sha256: '$ref' in reference ? digestOf(reference) : reference.$file.sha256 }));
