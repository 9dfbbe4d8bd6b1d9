import { parseDuration } from '@orderlines/contracts';
import { durationFrom, limitFrom } from './duration.js';

describe('duration texts', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1.5s', 1_500],
    ['1h30m', 5_400_000],
    ['0s', 0],
  ])('%s is %i ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '10', 's', '-1s', '1 s', '10S', '1y', '1..5s', '1e3s', ' 1s', '1s '])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('what expressions give for a duration', () => {
  it.each([
    [10, 10_000],
    [0.5, 500],
    ['2m', 120_000],
    [0, 0],
  ])('%j is %i ms', (value, expected) => {
    expect(durationFrom(value)).toBe(expected);
  });

  it.each([
    ['soon', /^a duration such as .* is needed, not `soon`$/],
    [null, /is needed, not null$/],
    [true, /is needed, not a boolean$/],
    [-1, 'a duration lies between 0 and 366 days, not -1 s'],
    ['400d', 'a duration lies between 0 and 366 days, not `400d`'],
    ['99999999999999d', 'a duration lies between 0 and 366 days, not `99999999999999d`'],
    [1e300, 'a duration lies between 0 and 366 days, not 1e+300 s'],
    [NaN, 'a duration lies between 0 and 366 days, not NaN s'],
  ])('%j is refused', (value, message) => {
    expect(() => durationFrom(value)).toThrow(message);
  });
});

describe('what ends something after a while', () => {
  it('is a duration like any other', () => expect(limitFrom('1ms')).toBe(1));

  it.each(['0s', '0ms', '0.1ms', 0, 0.0001])('is not %j, which would end it before it begins', (value) => {
    expect(() => limitFrom(value)).toThrow('a limit of 0 ends everything before it begins');
  });
});
