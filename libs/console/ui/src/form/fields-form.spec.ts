import { fieldText, fieldValue } from './fields-form.js';

describe('what is typed into a field', () => {
  it.each([
    ['string', 'a', 'a'],
    ['integer', '42', 42],
    ['number', '1.5', 1.5],
    ['boolean', 'true', true],
    ['list', '[1, 2]', [1, 2]],
    ['map', '{"a": 1}', { a: 1 }],
  ])('is a value of the type %s', (type, text, value) => expect(fieldValue({ type }, text)).toEqual(value));

  it.each([
    ['integer', '1.5'],
    ['integer', 'many'],
    ['number', ' '],
    ['list', '{"a": 1}'],
    ['list', 'null'],
    ['map', '[1]'],
    ['map', 'no json'],
  ])('of the type %s is refused when it is %j', (type, text) => expect(() => fieldValue({ type }, text)).toThrow());

  it('stands in the field as it was given', () => {
    expect(fieldText('text')).toBe('text');
    expect(fieldText([1, { a: 2 }])).toBe('[1,{"a":2}]');
    expect(fieldText(null)).toBe('');
  });
});
