import type { Json } from '@orderlines/contracts';
import { evaluateTemplate } from './evaluate-template.js';
import { expressionsOf } from './expressions-of.js';
import { parseTemplate, readTemplate } from './parse-template.js';
import { ExpressionError } from './template.js';
import { ROOTS } from './testing/expressions.js';

const valueOf = (value: Json): Json => evaluateTemplate(parseTemplate(value), ROOTS);

describe('one expression keeps its type, otherwise values are spliced into the text', () => {
  it.each<[Json, Json]>([
    ['plain', 'plain'],
    ['', ''],
    [3, 3],
    [null, null],
    ['${{ params.n }}', 10],
    ['${{params.n}}', 10],
    ['${{ vars.regions }}', ['eu', 'us']],
    ['${{ vars.empty }}', null],
    ['${{ params.n > 3 }}', true],
    [' ${{ params.n }}', ' 10'],
    ['n=${{ params.n }}', 'n=10'],
    ['${{ params.n }}${{ params.half }}', '100.5'],
    ['${{ params.yes }}!', 'true!'],
    ['regions: ${{ vars.regions }}', 'regions: ["eu","us"]'],
    ['tags: ${{ vars.tags }}', 'tags: {"a":1,"b":2}'],
    ['a ${{ params.name }} b ${{ params.version }}', 'a web shop b v1.2.3'],
    ["${{ {'a': {'b': 1}} }}", { a: { b: 1 } }],
    ["${{ '}}' }}", '}}'],
    ['${{ "}}" + params.name }}', '}}web shop'],
    ["${{ '''it's }}''' }}", "it's }}"],
    ["${{ '\\'}}' }}", "'}}"],
    ['$${{ literal }}', '${{ literal }}'],
    ['$${{ a }} and ${{ params.n }}', '${{ a }} and 10'],
    ['${{ params.n }} and $${{', '10 and ${{'],
    ['$ {{ x }} $HOME {x} }}', '$ {{ x }} $HOME {x} }}'],
    [
      ['${{ params.n }}', { key: 'v${{ params.n }}', fixed: [1] }],
      [10, { key: 'v10', fixed: [1] }],
    ],
  ])('%j becomes %j', (template, expected) => {
    expect(valueOf(template)).toStrictEqual(expected);
  });

  it('refuses to splice null', () => {
    expect(() => valueOf('value: ${{ vars.empty }}')).toThrow('null cannot be put into a text');
  });

  it('refuses a spliced text above 1 MiB', () => {
    const long = 'x'.repeat(600_000);
    expect(() => evaluateTemplate(parseTemplate('${{ vars.long }}${{ vars.long }}'), { vars: { long } })).toThrow(
      /more than 1048576 characters/,
    );
  });

  it('values without expressions are literals at any depth', () => {
    expect(parseTemplate({ a: [1, { b: 'c' }], d: '$${{' })).toEqual({ kind: 'literal', value: { a: [1, { b: 'c' }], d: '${{' } });
    expect(parseTemplate({ a: [1, '${{ 1 }}'] }).kind).toBe('map');
  });

  it('lists its expressions', () => {
    const template = parseTemplate({ a: ['${{ vars.x }}', 'b ${{ vars.y }}'], c: { d: '${{ vars.z }}' } });
    expect(expressionsOf(template).flatMap(({ references }) => [...references.vars])).toEqual(['x', 'y', 'z']);
    expect(expressionsOf(parseTemplate([1, 'x']))).toEqual([]);
  });
});

describe('openings without an end are mistakes', () => {
  it.each([
    ['${{ params.n', 0],
    ['text ${{ params.n }', 5],
    ['a ${{ params.n } }', 2],
    ["${{ 'open }}", 0],
    ['${{ 1 }} ${{', 9],
    ["${{ {'a': 1 }}", 0],
  ])('%s', (text, offset) => {
    const [mistake] = readTemplate(text).mistakes;
    expect(mistake?.error.message).toMatch(/^`\$\{\{` has no `\}\}`; quote the whole text/);
    expect(mistake?.offset).toBe(offset);
  });
});

it('collects all mistakes with their places', () => {
  const { mistakes } = readTemplate({ a: '${{ 1 + }} and ${{ nope() }}', b: [{ c: '${{' }], d: '${{ 1 }}' });
  expect(mistakes.map(({ path, offset, error }) => [path, offset, error.message])).toEqual([
    [['a'], 7, 'the expression ends too early'],
    [['a'], 19, 'the function `nope` is not known'],
    [['b', 0, 'c'], 0, expect.stringMatching(/has no `}}`/)],
  ]);
});

it('parseTemplate throws the first mistake', () => {
  expect(() => parseTemplate(['${{ 1 + }}'])).toThrow(ExpressionError);
});
