import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until a look gives something; after the limit throws with what was waited for and the last look's error. */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { limitMs = 30_000, everyMs = 50 }: { readonly limitMs?: number; readonly everyMs?: number } = {},
): Promise<T> => {
  const end = Date.now() + limitMs;
  let reason = '';
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms${reason}`);
    await pause(everyMs);
  }
};
