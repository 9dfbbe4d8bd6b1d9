/** Share of `upToMs` by which one slot of a schedule is put off: whole milliseconds, the same whenever and wherever it is asked. */
export const jitterOf = (seed: string, slot: number, upToMs: number): number => {
  if (upToMs <= 0) return 0;
  // FNV-1a with a final mix: neighbouring slots must not get neighbouring shares.
  let hash = 0x811c9dc5;
  for (const character of `${seed} ${slot}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % upToMs;
};
