/**
 * Positions (of those given) that keep their order when as few as possible move: a longest increasing subsequence of `ranks`,
 * found in O(n log n).
 */
export function keptOrder(ranks: readonly number[]): ReadonlySet<number> {
  /** Where the smallest last rank of a subsequence of each length stands. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  ranks.forEach((rank, position) => {
    const length = lengthBefore(ends, ranks, rank);
    previous.push(ends[length - 1]);
    ends[length] = position;
  });
  const kept = new Set<number>();
  for (let position = ends.at(-1); position !== undefined; position = previous[position]) kept.add(position);
  return kept;
}

function lengthBefore(ends: readonly number[], ranks: readonly number[], rank: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranks[ends[middle] ?? 0] ?? 0) < rank) low = middle + 1;
    else high = middle;
  }
  return low;
}
