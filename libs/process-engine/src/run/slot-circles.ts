import type { SlotRun } from './slots.js';

/** An unfinished run with its key, and whether the run that started it waits for it. */
interface WaitingRun extends SlotRun {
  readonly namespace: string;
  readonly key: string;
  readonly isAwaited: boolean;
}

/**
 * Queued runs that can never begin, each with the runs whose slots it waits for: those cannot end before a child of theirs has, and that
 * child is one of the queued. Found by taking away, as long as there is any, every queued run for which some slot will become free.
 */
export function circlesOf(runs: readonly WaitingRun[]): ReadonlyMap<string, readonly string[]> {
  const holders = Map.groupBy(
    runs.filter(({ phase }) => phase !== 'queued'),
    ({ namespace, key }) => `${namespace} ${key}`,
  );
  let stuck = runs.filter(({ phase, policy }) => phase === 'queued' && policy === 'queue');
  for (let before = -1; stuck.length !== before;) {
    before = stuck.length;
    const keptOpen = new Set(stuck.flatMap(({ isAwaited, ancestors }) => (isAwaited ? ancestors : [])));
    stuck = stuck.filter((run) => blockersOf(run, holders, keptOpen).length >= run.limit);
  }
  const keptOpen = new Set(stuck.flatMap(({ isAwaited, ancestors }) => (isAwaited ? ancestors : [])));
  return new Map(stuck.map((run) => [run.id, blockersOf(run, holders, keptOpen)]));
}

const blockersOf = (
  { namespace, key, ancestors }: WaitingRun,
  holders: ReadonlyMap<string, readonly WaitingRun[]>,
  keptOpen: ReadonlySet<string>,
): string[] => (holders.get(`${namespace} ${key}`) ?? []).flatMap(({ id }) => (keptOpen.has(id) && !ancestors.includes(id) ? [id] : []));
