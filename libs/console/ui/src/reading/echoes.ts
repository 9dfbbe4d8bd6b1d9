import { effect, signal, untracked, type Signal } from '@angular/core';

/** How long after news it is looked again. */
const AFTER_MS = [1_000, 3_000, 10_000, 30_000] as const;

/**
 * Counts up with each of the news and, while something is under way, a few times more, later and later: services write down what a run has told
 * of itself a moment after it was told. Without news it comes to rest.
 */
export const echoes = (news: Signal<number>, isUnderWay: () => boolean): Signal<number> => {
  const count = signal(0);
  effect((onCleanup) => {
    if (news() > 0) untracked(() => count.update((so) => so + 1));
    const look = () => {
      if (untracked(isUnderWay)) count.update((so) => so + 1);
    };
    const timers = AFTER_MS.map((ms) => setTimeout(look, ms));
    onCleanup(() => timers.forEach(clearTimeout));
  });
  return count.asReadonly();
};
