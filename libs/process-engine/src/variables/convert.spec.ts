import type { Json } from '@orderlines/contracts';
import { convert, type Declaration } from './convert.js';

describe('values are converted to their declared type, from text too', () => {
  it.each<[Declaration['type'], Json, Json]>([
    ['string', 'a', 'a'],
    ['text', 'a\nb', 'a\nb'],
    ['integer', 3, 3],
    ['integer', '3', 3],
    ['integer', ' -12 ', -12],
    ['number', 3.5, 3.5],
    ['number', '3.5', 3.5],
    ['number', '1e3', 1000],
    ['boolean', true, true],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['date', '2026-03-01', '2026-03-01'],
    ['datetime', '2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z'],
    ['datetime', '2026-03-01T08:00', '2026-03-01T08:00'],
    ['list', [1], [1]],
    ['list', '[1, "a"]', [1, 'a']],
    ['map', { a: 1 }, { a: 1 }],
    ['map', '{"a": 1}', { a: 1 }],
    ['any', null, null],
    ['integer', null, null],
    ['any', '3', '3'],
  ])('%s of %j is %j', (type, given, expected) => {
    expect(convert(given, { type })).toEqual({ value: expected });
  });

  it.each<[Declaration['type'], Json, string]>([
    ['string', 1.1, 'must be a text, not a number'],
    ['string', ['a'], 'must be a text, not a list'],
    ['integer', '3.5', 'must be a whole number, not `3.5`'],
    ['integer', 3.5, 'must be a whole number, not a number'],
    ['integer', 'many', 'must be a whole number, not `many`'],
    ['integer', '9007199254740993', 'must be a whole number, not `9007199254740993`'],
    ['integer', '', 'must be a whole number, not ``'],
    ['integer', '0x10', 'must be a whole number, not `0x10`'],
    ['number', 'NaN', 'must be a number, not `NaN`'],
    ['number', true, 'must be a number, not a boolean'],
    ['boolean', 'yes', 'must be true or false, not `yes`'],
    ['boolean', 1, 'must be true or false, not a number'],
    ['date', '2026-02-30', 'must be a date such as 2026-03-01, not `2026-02-30`'],
    ['date', '01.03.2026', 'must be a date such as 2026-03-01, not `01.03.2026`'],
    ['datetime', '2026-03-01', 'must be a date and time such as 2026-03-01T08:00:00Z, not `2026-03-01`'],
    ['datetime', 'T', 'must be a date and time such as 2026-03-01T08:00:00Z, not `T`'],
    ['list', '{"a": 1}', 'must be a list, not `{"a": 1}`'],
    ['list', 'a, b', 'must be a list (as JSON), not `a, b`'],
    ['map', [1], 'must be a map, not a list'],
    ['number', Infinity, 'must be a number, not `Infinity`'],
    ['number', '1e400', 'must be a number, not `1e400`'],
    ['integer', -Infinity, 'must be a whole number, not `-Infinity`'],
    ['list', '[1e400]', 'holds a number that is too large, infinite or not a number'],
    ['map', { a: [NaN] }, 'holds a number that is too large, infinite or not a number'],
    ['any', Infinity, 'holds a number that is too large, infinite or not a number'],
  ])('%s of %j is refused', (type, given, mistake) => {
    expect(convert(given, { type })).toEqual({ mistake });
  });
});

describe('limits', () => {
  it.each<[Declaration, Json, string | undefined]>([
    [{ type: 'string', enum: ['a', 'b'] }, 'a', undefined],
    [{ type: 'string', enum: ['a', 'b'] }, 'c', 'must be one of "a", "b", not "c"'],
    [{ type: 'integer', enum: [1, 2] }, '2', undefined],
    [{ type: 'list', enum: [[1], [2]] }, [2], undefined],
    [{ type: 'string', pattern: '^v\\d+$' }, 'v12', undefined],
    [{ type: 'string', pattern: '^v\\d+$' }, '12', 'must match `^v\\d+$`, `12` does not'],
    [{ type: 'string', pattern: '(' }, 'x', expect.stringMatching(/^cannot be checked: the pattern/) as unknown as string],
    [{ type: 'integer', min: 1, max: 3 }, 2, undefined],
    [{ type: 'integer', min: 1 }, 0, 'must be at least 1, not 0'],
    [{ type: 'number', max: 3 }, '3.5', 'must be at most 3, not 3.5'],
    [{ type: 'string', min: 2 }, '数', 'must be at least 2 characters, not 1'],
    [{ type: 'list', max: 1 }, [1, 2], 'must be at most 1 elements, not 2'],
    [{ type: 'map', min: 1 }, {}, 'must be at least 1 elements, not 0'],
    [{ type: 'boolean', min: 1 }, true, undefined],
  ])('%j of %j', (declaration, given, mistake) => {
    const conversion = convert(given, declaration);
    expect('mistake' in conversion ? conversion.mistake : undefined).toEqual(mistake);
  });
});
