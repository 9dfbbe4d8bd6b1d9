import { MAX_CHANGED_RUNS, type LiveChanges } from '@orderlines/contracts';
import { pause } from '@orderlines/service-host';
import type { LiveFeed } from './live-feed.js';

/** Changes are told together, this often at most: a list is not read again for each of a thousand tasks. */
const TOGETHER_MS = 500;

/** Tells which runs have changed, without saying how. `names` false: only that some have. */
export async function* liveChanges(feed: LiveFeed, names: boolean, signal: AbortSignal): AsyncGenerator<LiveChanges, void, undefined> {
  const changed = new Set<string>();
  let more = false;
  let wake: (() => void) | undefined;
  const note = (instanceId: string | undefined) => {
    if (instanceId !== undefined && names && changed.size < MAX_CHANGED_RUNS) changed.add(instanceId);
    else more = true;
    wake?.();
  };
  const unfollow = feed.followAll({ message: ({ instanceId }) => note(instanceId), gap: () => note(undefined) });
  const stop = () => wake?.();
  signal.addEventListener('abort', stop, { once: true });
  try {
    while (!signal.aborted) {
      if (changed.size === 0 && !more) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      yield { runs: [...changed], more };
      changed.clear();
      more = false;
      await pause(TOGETHER_MS, signal);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    unfollow();
  }
}
