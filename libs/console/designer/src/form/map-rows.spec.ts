import fc from 'fast-check';
import type { JsonObject } from '@orderlines/contracts';
import { mapOf, rowsOf } from './map-rows.js';

describe('a map as rows', () => {
  it('shows texts as they are, and everything else as JSON', () => {
    expect(rowsOf({ NAME: '${{ params.name }}', COUNT: 3, ALL: [1], VERSION: '3' })).toEqual([
      { key: 'NAME', text: '${{ params.name }}' },
      { key: 'COUNT', text: '3' },
      { key: 'ALL', text: '[1]' },
      { key: 'VERSION', text: '"3"' },
    ]);
  });

  it('is the same map again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
          fc.jsonValue({ noUnicodeString: false }),
        ),
        (map) => {
          const plain = JSON.parse(JSON.stringify(map)) as JsonObject;
          expect(mapOf(rowsOf(plain))).toEqual(plain);
        },
      ),
    );
  });

  it('leaves out a row whose key is still to be typed', () => {
    expect(
      mapOf([
        { key: '', text: 'x' },
        { key: 'a', text: 'y' },
      ]),
    ).toEqual({ a: 'y' });
  });
});
