import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { isLargeValue, largeValue, referencesIn } from './large-value.js';
import type { Json } from './json.js';
import { splitValue } from './split-value.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const split = (value: Json, limit: number) => splitValue(value, limit, sha256);

/** Puts the parts back. */
const joined = (value: Json, parts: ReadonlyMap<string, string>): Json => {
  if (isLargeValue(value)) return JSON.parse(parts.get(value.$ref.slice('sha256:'.length)) ?? '') as Json;
  if (Array.isArray(value)) return value.map((item) => joined(item, parts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, joined(member, parts)]));
};

describe('a value above its limit', () => {
  it('keeps its small members and loses its large ones', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `row ${index}`);
    const { value, parts } = split({ exitCode: 0, body: { next: '/2', rows }, output: 'done' }, 128 * 1024);
    const [part] = parts;
    expect(parts).toHaveLength(1);
    expect(part?.text).toBe(JSON.stringify(rows));
    expect(value).toEqual({ exitCode: 0, body: { next: '/2', rows: largeValue(part?.sha256 ?? '', part?.bytes ?? 0) }, output: 'done' });
  });

  it('is taken out whole when it is a list, a text, or the sum of many small members', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]));
    for (const value of ['x'.repeat(50_000), Array(50_000).fill(1) as Json, many]) {
      expect(split(value, 40_000)).toMatchObject({ value: { bytes: JSON.stringify(value).length }, parts: [{}] });
    }
  });

  it('is left as it is when it fits', () => {
    const value = { text: 'short' };
    expect(split(value, 1_000)).toEqual({ value, parts: [] });
  });

  it('stores what occurs twice once', () => {
    const rows = Array(10_000).fill('row') as Json;
    expect(split({ rows, again: rows }, 8 * 1024).parts).toHaveLength(1);
  });

  it('fits afterwards, and is the same when the parts are put back', () => {
    const large = fc
      .tuple(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 0, max: 12_000 }))
      .map(([value, length]) => ({ value, text: 'ü'.repeat(length) }));
    const values = fc.dictionary(fc.string(), fc.oneof(large, fc.jsonValue({ maxDepth: 3 })), { maxKeys: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: 200, max: 40_000 }), (given, limit) => {
        const value = JSON.parse(JSON.stringify(given)) as Json;
        const { value: rest, parts } = split(value, limit);
        expect(Buffer.byteLength(JSON.stringify(rest))).toBeLessThanOrEqual(limit);
        expect(joined(rest, new Map(parts.map((part) => [part.sha256, part.text])))).toEqual(value);
        for (const reference of referencesIn(rest)) expect(isLargeValue(reference)).toBe(true);
      }),
    );
  });
});
