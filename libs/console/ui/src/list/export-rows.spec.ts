import { csvCell } from './export-rows.js';

describe('a cell of a CSV file', () => {
  it.each([
    ['plain', 'plain'],
    ['a, b', '"a, b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
  ])('%j is written as %j', (value, written) => expect(csvCell(value)).toBe(written));

  it.each(['=1+1', '+1', '-1', '@sum', '\tx'])('%j is no formula to a spreadsheet', (value) =>
    expect(csvCell(value).replace(/^"/, '')).toMatch(/^'/),
  );

  it('of a number is a number, and of nothing is empty', () => {
    expect(csvCell(-5)).toBe('-5');
    expect(csvCell(null)).toBe('');
  });
});
