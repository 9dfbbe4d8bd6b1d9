import { digestOf, referencesIn, type Json } from '@orderlines/contracts';
import { childStep, type RunEvent } from '@orderlines/process-engine';
import type { ValueCopy } from '../store/large-values.sql.js';
import type { LinkItem, StartRequest } from './batch-item.js';
import type { RunInBatch } from './run-in-batch.js';

/** What a look at two runs leads to, with the large values that go from one to the other. */
export type LinkStep = { readonly copies: readonly ValueCopy[] } & (
  { readonly request: StartRequest } | { readonly instanceId: string; readonly event: RunEvent }
);

/** What has to happen between a run and the one that asked for it, both as they are now, under their locks. */
export const nextStep = (item: LinkItem, parent: RunInBatch | undefined, child: RunInBatch | undefined): LinkStep | null => {
  if (!parent?.run) return null;
  const { order, parentId, instanceId } = item;
  const refusal = order !== null && 'reason' in order ? order : undefined;
  const step = childStep(item, parent.run, child?.run ? { run: child.run, parent: child.identity.parent } : undefined, refusal);
  if (step === null) return null;
  if (step === 'start') {
    if (order === null || 'reason' in order) return null;
    return { copies: copiesOf(order.params, parentId, instanceId), request: order };
  }
  if (step.to === 'child') return { copies: [], instanceId, event: step.event };
  const { outcome } = step.event;
  return {
    copies: outcome.status === 'SUCCESS' ? copiesOf(outcome.outputs, instanceId, parentId) : [],
    instanceId: parentId,
    event: step.event,
  };
};

const copiesOf = (value: Json, from: string, to: string): ValueCopy[] =>
  [...referencesIn(value)].map((reference) => ({ from, to, sha256: '$ref' in reference ? digestOf(reference) : reference.$file.sha256 }));
