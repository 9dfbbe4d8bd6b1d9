import { isTerminalProcess } from '@orderlines/contracts';
import { judgeSlot, type SlotRun } from '../../slots.js';
import type { Run } from '../../state.js';
import { ancestorsOf, type Database, type StoredRun } from './database.js';
import type { Executor } from './executor.js';

/** A run with its key, as it is or is going to be committed. */
export interface RunWithSlot extends SlotRun {
  readonly key: string;
}

/** The run as those with the same key see it; null when it takes no turns, or is over. */
export function slotRun(database: Database, stored: Pick<StoredRun, 'id' | 'parent'>, run: Run | null): RunWithSlot | null {
  if (!run?.slot || isTerminalProcess(run.status)) return null;
  const { key, limit, policy } = run.slot;
  return { id: stored.id, phase: run.phase, ancestors: ancestorsOf(database, stored), limit, policy, key };
}

/** Every unfinished run that takes turns, as it is committed, in the order of their ids. */
export const slotRuns = (database: Database): readonly RunWithSlot[] =>
  [...database.runs.values()].flatMap((stored) => slotRun(database, stored, stored.store.run) ?? []).sort(byId);

/** The order in which runs take turns. */
export const byId = (one: SlotRun, other: SlotRun): number => (one.id < other.id ? -1 : 1);

/** Runs that hold a slot each: a child shares its ancestor's. */
export const holders = (runs: readonly SlotRun[]): readonly SlotRun[] => {
  const begun = runs.filter(({ phase }) => phase !== 'queued');
  return begun.filter(({ ancestors }) => !begun.some(({ id }) => ancestors.includes(id)));
};

/** Tells runs whose turn it is, or whose end another one waits for. */
export function tellTurns({ world }: Executor): void {
  const { database, runs } = world;
  for (const others of Map.groupBy(slotRuns(database), ({ key }) => key).values()) {
    for (const { id } of others)
      if (judgeSlot(others, id) !== null)
        runs.publish(`slot ${id} ${database.runs.get(id)?.store.history.length ?? 0}`, { kind: 'slot', runId: id });
  }
}
