/** Longest id of a node. */
const ID_LENGTH = 64;

/** An id that nobody has: the wish itself, else with the lowest number behind it. */
export function freshId(wish: string, taken: ReadonlySet<string>): string {
  const base = (wish.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'node').slice(0, ID_LENGTH - 6);
  if (!taken.has(base)) return base;
  const stem = base.replace(/_\d+$/, '');
  for (let number = 2; ; number += 1) {
    const candidate = `${stem}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
