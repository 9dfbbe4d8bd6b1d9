/** Gives what several sources give, as it comes, until all have ended; no source runs ahead of the reader by more than one. */
export async function* merged<Item>(sources: readonly AsyncGenerator<Item, void, undefined>[]): AsyncGenerator<Item, void, undefined> {
  type Step = { readonly source: AsyncGenerator<Item, void, undefined>; readonly result: IteratorResult<Item, void> };
  const step = (source: AsyncGenerator<Item, void, undefined>): Promise<Step> => source.next().then((result) => ({ source, result }));
  const pending = new Map(sources.map((source) => [source, step(source)]));
  try {
    while (pending.size > 0) {
      const { source, result } = await Promise.race(pending.values());
      if (result.done) pending.delete(source);
      else {
        yield result.value;
        pending.set(source, step(source));
      }
    }
  } finally {
    for (const source of pending.keys()) void source.return();
  }
}
