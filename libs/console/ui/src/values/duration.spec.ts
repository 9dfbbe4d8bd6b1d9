import { formatDuration } from './duration.pipe.js';

describe('a duration', () => {
  it.each([
    [-5, '0 ms'],
    [850, '850 ms'],
    [4_200, '4.2 s'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [273_600_000, '3 d 4 h'],
  ])('of %d ms is read as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
