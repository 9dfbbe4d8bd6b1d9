import fc from 'fast-check';
import { Overlay } from './overlay.js';

type Change = readonly ['set', string, { n: number }] | readonly ['remove', string];

const key = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__x', '7');
const entry = fc.record({ n: fc.nat() });
const changes = fc.array(fc.oneof(fc.tuple(fc.constant('set' as const), key, entry), fc.tuple(fc.constant('remove' as const), key)));

const overlaid = (before: Record<string, { n: number }>, all: readonly Change[]): Overlay<string, { n: number }> => {
  const overlay = new Overlay<string, { n: number }>(before);
  for (const [what, id, value] of all) {
    if (what === 'set') overlay.set(id, value);
    else overlay.remove(id);
  }
  return overlay;
};

describe('an overlay', () => {
  it('reads as a record with the same changes, and leaves the one underneath as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(key, entry), changes, (before, all) => {
        const expected = new Map(Object.entries(before));
        for (const [what, id, value] of all) {
          if (what === 'set') expected.set(id, value);
          else expected.delete(id);
        }
        const kept = structuredClone(before);
        const overlay = overlaid(before, all);
        for (const id of ['a', 'b', 'c', 'constructor', '__proto__x', '7', 'toString']) expect(overlay.get(id)).toBe(expected.get(id));
        expect(overlay.all()).toEqual(Object.fromEntries(expected));
        expect(overlay.applied(false)).toEqual(Object.fromEntries(expected));
        expect(before).toEqual(kept);
      }),
    );
  });

  it('changes the record underneath only when it may take it over, to the same content', () => {
    fc.assert(
      fc.property(fc.dictionary(key, entry), changes, (before, all) => {
        const copied = overlaid({ ...before }, all).applied(false);
        const taken = overlaid(before, all).applied(true);
        expect(taken).toBe(before);
        expect(taken).toEqual(copied);
      }),
    );
  });
});
