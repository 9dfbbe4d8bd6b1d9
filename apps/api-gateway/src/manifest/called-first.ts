import type { WantedThing } from './manifest-kind.js';

/** What of a thing says where it stands. */
type Referring = Pick<WantedThing, 'namespace' | 'name' | 'refersTo'>;

/** Things in an order in which each comes after those of them that it refers to; circles begin anywhere. */
export const calledFirst = <T extends { readonly wanted: Referring }>(things: readonly T[]): T[] => {
  const byName = new Map(things.map((thing) => [`${thing.wanted.namespace}/${thing.wanted.name}`, thing]));
  const ordered = new Set<T>();
  const entered = new Set<T>();
  // Chains of calls may be deeper than the stack: each thing is seen once on the way down and once on the way up.
  const open = things.toReversed();
  for (let thing = open.at(-1); thing !== undefined; thing = open.at(-1)) {
    if (entered.has(thing)) {
      open.pop();
      ordered.add(thing);
      continue;
    }
    entered.add(thing);
    const called = thing.wanted.refersTo.map(({ process }) => byName.get(process));
    for (const other of called.toReversed()) if (other !== undefined && !entered.has(other)) open.push(other);
  }
  return [...ordered];
};
