/** The known name that was most probably meant, or undefined when none is near. */
export function closest(given: string, known: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase();
  const limit = Math.max(1, Math.floor(given.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase(), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** Letters to insert, remove, replace or swap to make `right` of `left`; above `limit` any larger number. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit || left.length > 200) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped && row > 1 && column > 1 ? (beforeLast[column - 2] ?? 0) + 1 : Number.MAX_SAFE_INTEGER,
      );
      least = Math.min(least, current[column] ?? least);
    }
    // A swap looks two rows back, where the least is at most one smaller.
    if (least > limit + 1) return least;
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
