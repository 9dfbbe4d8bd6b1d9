import { createHash } from 'node:crypto';
import { FUNCTIONS } from './index.js';
import { sha256 } from './sha256.js';
import { evaluate, mistakeOf } from '../testing/expressions.js';

describe('lists and maps', () => {
  it.each([
    ['size([1, 2])', 2],
    ["size('数量')", 2],
    ["size({'a': 1})", 1],
    ['[1, 2, 3].size()', 3],
    ['sum([1, 2.5, 3])', 6.5],
    ['sum([])', 0],
    ['avg([1, 2])', 1.5],
    ['min([3, 1, 2])', 1],
    ['max(3, 1, 2)', 3],
    ["max(['a', 'c', 'b'])", 'c'],
    ["sort(['b', 'a'])", ['a', 'b']],
    ['sort([10, 9, 1])', [1, 9, 10]],
    ['reverse([1, 2])', [2, 1]],
    ["distinct([1, '1', 1, [1], [1], null, null])", [1, '1', [1], null]],
    ['flatten([[1], [2, [3]], 4])', [1, 2, [3], 4]],
    ['slice([1, 2, 3], 1)', [2, 3]],
    ['slice([1, 2, 3], 0, 2)', [1, 2]],
    ['slice([1, 2, 3], -1)', [3]],
    ['range(3)', [0, 1, 2]],
    ['range(2, 4)', [2, 3]],
    ['range(4, 2)', []],
    ["join(['a', 'b'], ', ')", 'a, b'],
    ["join(['a', 'b'])", 'ab'],
    ["[1, true, [2]].join('-')", '1-true-[2]'],
    ["keys({'a': 1, 'b': 2})", ['a', 'b']],
    ["values({'a': 1, 'b': 2})", [1, 2]],
    ["merge({'a': 1, 'b': 1}, {'b': 2})", { a: 1, b: 2 }],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each([
    ['avg([])', 'avg of an empty list has no answer'],
    ['min([])', 'min of an empty list has no answer'],
    ["sum(['a'])", 'a number is needed, not a text'],
    ['sum(1)', 'a list is needed, not a number'],
    ["sort([1, 'a'])", /^cannot compare a (number with a text|text with a number)/],
    ['size(1)', 'size needs a text, a list or a map, not a number'],
    ['slice([1], 0.5)', 'a whole number is needed, not 0.5'],
    ['keys([1])', 'a map is needed, not a list'],
    ["['a', null].join(',')", /^null cannot be put into a text/],
  ])('%s is refused', (source, message) => {
    expect(mistakeOf(source).message).toMatch(message);
  });
});

describe('texts and conversions', () => {
  it.each([
    ["'abc'.contains('b')", true],
    ["'abc'.startsWith('ab')", true],
    ["'abc'.endsWith('bc')", true],
    ["'abcb'.indexOf('b')", 1],
    ["'abcb'.lastIndexOf('b')", 3],
    ["'abc'.indexOf('z')", -1],
    ["'abc'.substring(1)", 'bc'],
    ["'abc'.substring(1, 2)", 'b'],
    ["'a,b,'.split(',')", ['a', 'b', '']],
    ["'  a '.trim()", 'a'],
    ["'Ä'.lower()", 'ä'],
    ["'ä'.upper()", 'Ä'],
    ['string(1.5)', '1.5'],
    ['string(true)', 'true'],
    ["string({'b': 1, 'a': [2]})", '{"a":[2],"b":1}'],
    ["number(' 12 ')", 12],
    ["number('1e3')", 1000],
    ["number('-.5')", -0.5],
    ['number(true)', 1],
    ["int('3.9')", 3],
    ['int(-3.9)', -3],
    ['double(3)', 3],
    ["bool('true')", true],
    ['bool(0)', false],
    ['round(2.5)', 3],
    ['round(1.005, 2)', 1.01],
    ['round(-1.25, 1)', -1.2],
    ['floor(-1.5)', -2],
    ['ceil(1.2)', 2],
    ['abs(-3)', 3],
    ['type(1)', 'number'],
    ["type('')", 'string'],
    ['type([])', 'list'],
    ['type({})', 'map'],
    ['type(null)', 'null'],
    ["quote('it is')", "'it is'"],
    ["quote('a\\'b; rm -rf /')", "'a'\\''b; rm -rf /'"],
    ['quote(3)', "'3'"],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each([
    ["number('12px')", '`12px` is not a number'],
    ["number('')", '`` is not a number'],
    ["number('0x10')", '`0x10` is not a number'],
    ["number('Infinity')", '`Infinity` is not a number'],
    ['number(null)', 'a number is needed, not null'],
    ["bool('yes')", 'only true, false, 1 and 0 are booleans, not `yes`'],
    ["'abc'.substring(2, 1)", 'substring(2, 1) is outside of a text of 3 characters'],
    ["'abc'.substring(4)", 'substring(4, 3) is outside of a text of 3 characters'],
    ['quote(null)', /^null cannot be put into a text/],
    ['round(1, 99)', 'round keeps 0 to 15 digits'],
    ['contains(1, 2)', 'a text is needed, not a number'],
  ])('%s is refused', (source, message) => {
    expect(mistakeOf(source).message).toMatch(message);
  });
});

describe('patterns', () => {
  it.each([
    ["'v1.2'.matches('^v\\\\d')", true],
    ["'v1.2'.matches(r'^v\\d+\\.\\d+$')", true],
    ["'abc'.matches('^b')", false],
    ["'a1b22'.find('[0-9]+')", '1'],
    ["'abc'.find('[0-9]+')", ''],
    ["'a1b22'.findAll('[0-9]+')", ['1', '22']],
    ["'a1b22'.replace('[0-9]+', '#')", 'a#b#'],
    ["'abc'.replace('b', '$0$1')", 'a$0$1c'],
    ["'abc'.replace('', '-')", '-a-b-c-'],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each(["'a'.matches('(')", "'a'.matches('(?=a)')", "'a'.matches('(a)\\\\1')"])('%s is no pattern of RE2', (source) => {
    expect(mistakeOf(source).message).toMatch(/^the pattern `.*` cannot be read/);
  });

  it('a pattern that would hang a backtracking engine is answered', () => {
    expect(evaluate("vars.text.matches('^(a+)+$')", { vars: { text: `${'a'.repeat(5000)}!` } })).toBe(false);
  });

  it('a pattern beyond reason is refused', () => {
    expect(mistakeOf('vars.text.matches(vars.text)', { vars: { text: 'a'.repeat(1001) } }).message).toBe(
      'a pattern may have 1000 characters',
    );
  });
});

describe('dates', () => {
  it.each([
    ["date('2026-03-01T23:59:00Z')", '2026-03-01'],
    ["date('2026-03-01T23:59:00-05:00')", '2026-03-02'],
    ["date('2026-03-01 08:00')", '2026-03-01'],
    ['date(0)', '1970-01-01'],
    ["day('2026-02-27', 2)", '2026-03-01'],
    ["day('2024-02-27', 2)", '2024-02-29'],
    ["day('2026-01-01', -1)", '2025-12-31'],
    ["businessDay('2026-11-20', 1)", '2026-11-23'],
    ["businessDay('2026-11-23', -1)", '2026-11-20'],
    ["businessDay('2026-11-21', 0)", '2026-11-23'],
    ["businessDay('2026-11-20', 1, ['2026-11-23'])", '2026-11-24'],
    ["monthFirst('2026-02-15')", '2026-02-01'],
    ["monthLast('2026-02-15')", '2026-02-28'],
    ["monthLast('2024-02-15')", '2024-02-29'],
    ["monthLast('2026-12-31')", '2026-12-31'],
    ["format('2026-03-01T08:05:09.007Z', 'yyyy-MM-dd HH:mm:ss.SSS')", '2026-03-01 08:05:09.007'],
    ["format('2026-03-01T08:05:09Z', 'd.M.yy')", '1.3.26'],
    ["format('2026-03-01T08:05:09Z', \"yyyyMMdd'T'HHmm\")", '20260301T0805'],
    ["format('2026-07-01T00:00:00Z', 'HH:mm', 'Europe/Berlin')", '02:00'],
    ["format('2026-01-01T00:00:00Z', 'yyyy HH', 'America/New_York')", '2025 19'],
    ["epoch('1970-01-02')", 86_400],
    ['day(run.logicalTime, 1)', '2026-01-02'],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source, { run: { logicalTime: '2026-01-01T00:00:00.000Z' } })).toStrictEqual(expected);
  });

  it.each([
    ["date('tomorrow')", '`tomorrow` is not a date; write it as 2026-03-01 or 2026-03-01T08:00:00Z'],
    ["date('2026-02-30')", '`2026-02-30` is not a day of the calendar'],
    ["date('2026-13-01')", '`2026-13-01` is not a date'],
    ['date(true)', 'a date is needed, not a boolean'],
    ['date(1e300)', '`1e+300` is not a date'],
    ["day('9999-12-31', 1)", '`the date` is not a date'],
    ["businessDay('2026-01-01', 100000)", 'businessDay counts 10000 days at most'],
    ["format('2026-01-01', 'QQ')", /^`QQ` has no meaning in a date pattern/],
    ["format('2026-01-01', 'HH', 'Mars/Olympus')", /^the time zone `Mars\/Olympus` is not known/],
  ])('%s is refused', (source, message) => {
    expect(mistakeOf(source).message).toMatch(message);
  });
});

describe('encodings', () => {
  it.each([
    ["toJson({'b': 1, 'a': [null, 'x']})", '{"a":[null,"x"],"b":1}'],
    ['fromJson(\'{"a": [1, 2.5, null]}\')', { a: [1, 2.5, null] }],
    ["base64Encode('数量')", '5pWw6YeP'],
    ["base64Decode('5pWw6YeP')", '数量'],
    ["urlEncode('a b&c')", 'a%20b%26c'],
    ["hash('abc')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ["hash({'b': 1, 'a': 2}) == hash({'a': 2, 'b': 1})", true],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each([
    ["fromJson('{')", /^the text is not JSON/],
    ["base64Decode('%%%')", 'the text is not base64 of a UTF-8 text'],
    ["base64Decode('/w==')", 'the text is not base64 of a UTF-8 text'],
  ])('%s is refused', (source, message) => {
    expect(mistakeOf(source).message).toMatch(message);
  });

  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])('the hash of %i bytes is SHA-256', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) % 256);
    expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

it('every function refuses null and nothing with a message of its own', () => {
  for (const [name, { arity }] of FUNCTIONS) {
    if (['type', 'toJson', 'distinct'].includes(name)) continue;
    const args = Array.from({ length: arity[0] }, () => 'null').join(', ');
    expect(mistakeOf(`${name}(${args})`).message).not.toBe('');
  }
});
