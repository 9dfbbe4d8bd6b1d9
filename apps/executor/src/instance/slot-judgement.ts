import { judgeSlot, type SlotRun } from '@orderlines/process-engine';
import type { RunWithSlot, SlotKey } from '../store/slots.sql.js';
import type { EventItem, SlotItem } from './batch-item.js';
import type { Batch } from './batch.js';

/** Keys of the runs that are to be judged. */
export const keysOf = (batch: Batch, items: readonly SlotItem[]): SlotKey[] => {
  const keys = new Map<string, SlotKey>();
  for (const { instanceId } of items) {
    const run = batch.runs.get(instanceId);
    const key = run?.run?.slot?.key;
    if (run && key !== undefined) keys.set(`${run.identity.namespace} ${key}`, { namespace: run.identity.namespace, key });
  }
  return [...keys.values()];
};

/** Judges runs one after the other, each by what the ones before it have got: their events, and the items nothing follows from. */
export const judgeAll = (
  items: readonly SlotItem[],
  runs: readonly RunWithSlot[],
): Map<SlotItem, Pick<EventItem, 'instanceId' | 'event'> | null> => {
  const all = new Map(runs.map((run) => [run.id, run]));
  const judged = new Map<SlotItem, Pick<EventItem, 'instanceId' | 'event'> | null>();
  for (const item of items) {
    const run = all.get(item.instanceId);
    const verdict = run ? judgeSlot(sharers(all, run), run.id) : null;
    judged.set(item, verdict && { instanceId: item.instanceId, event: { kind: 'slot', verdict } });
    if (!run || !verdict) continue;
    if (verdict.what === 'granted') all.set(run.id, { ...run, phase: 'body' });
    else if (run.phase === 'queued') all.delete(run.id);
    else all.set(run.id, { ...run, phase: 'stopping' });
  }
  return judged;
};

const sharers = (all: ReadonlyMap<string, RunWithSlot>, { namespace, key }: RunWithSlot): SlotRun[] =>
  [...all.values()].filter((other) => other.namespace === namespace && other.key === key);
