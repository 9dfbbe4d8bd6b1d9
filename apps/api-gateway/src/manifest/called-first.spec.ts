import fc from 'fast-check';
import { calledFirst } from './called-first.js';
import type { WantedThing } from './manifest-kind.js';

const thing = (name: string, calls: readonly string[]) => {
  const refersTo = calls.map((process) => ({ process: `n/${process}`, severity: 'warning' as const }));
  const wanted: WantedThing = {
    ...{ namespace: 'n', name, refersTo },
    plan: () => Promise.resolve({ action: 'create', details: [] }),
    store: () => Promise.resolve(),
  };
  return { wanted };
};
const names = (things: readonly { readonly wanted: WantedThing }[]) => things.map(({ wanted }) => wanted.name);

describe('things that refer to each other', () => {
  it('come after what they refer to, directly or not', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(9), { maxLength: 4 }), { maxLength: 10 }), fc.integer(), (calls, seed) => {
        // Each calls only what has a smaller number: there is no circle.
        const things = calls.map((called, number) =>
          thing(
            `p${number}`,
            called.filter((one) => one < number).map((one) => `p${one}`),
          ),
        );
        const mixed = things.toSorted(
          (a, b) => ((a.wanted.name.charCodeAt(1) * 7 + seed) % 5) - ((b.wanted.name.charCodeAt(1) * 7 + seed) % 5),
        );
        const ordered = names(calledFirst(mixed));
        expect(ordered.toSorted()).toEqual(names(things).toSorted());
        for (const { wanted } of things) {
          for (const { process } of wanted.refersTo) expect(ordered.indexOf(process.slice(2))).toBeLessThan(ordered.indexOf(wanted.name));
        }
      }),
    );
  });

  it('are all there when they call each other in a circle, and when the chain is long', () => {
    expect(names(calledFirst([thing('a', ['b']), thing('b', ['a', 'b'])])).toSorted()).toEqual(['a', 'b']);
    const chain = Array.from({ length: 20_000 }, (_, number) => thing(`p${number}`, [`p${number + 1}`]));
    expect(names(calledFirst(chain)).slice(0, 1)).toEqual(['p19999']);
  });
});
