import { cleanJson, JsonTooDeepError, MAX_JSON_DEPTH } from './clean-json.js';
import type { Json } from './json.js';

const nested = (levels: number): Json => (levels === 0 ? 'end' : [nested(levels - 1)]);

describe('values from outside', () => {
  it('lose what Postgres cannot store, in texts and in keys', () => {
    expect(cleanJson({ 'a\u0000': ['x\u0000y', '\ud83d', { ok: '😀' }] })).toEqual({ 'a\ufffd': ['x\ufffdy', '\ufffd', { ok: '😀' }] });
  });

  it('are the same object when nothing was wrong with them', () => {
    const value = { a: [1, true, null, { b: 'text' }] };
    expect(cleanJson(value)).toBe(value);
  });

  it('may nest to the limit and no deeper', () => {
    expect(cleanJson(nested(MAX_JSON_DEPTH))).toEqual(nested(MAX_JSON_DEPTH));
    expect(() => cleanJson(nested(MAX_JSON_DEPTH + 1))).toThrow(JsonTooDeepError);
  });
});
