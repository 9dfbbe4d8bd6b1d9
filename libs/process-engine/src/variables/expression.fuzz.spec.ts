import { jest } from '@jest/globals';
import fc from 'fast-check';
import { parseExpression } from './expression.js';
import { readTemplate } from './parse-template.js';
import { evaluateTemplate } from './evaluate-template.js';
import { FUNCTIONS } from './functions/index.js';
import { ExpressionError, type Roots } from './template.js';

// Thousands of runs on a machine that may be busy with other things.
jest.setTimeout(120_000);

const roots: Roots = {
  params: { n: 3, text: 'abc', list: [1, 2, [3]], map: { a: 1 }, none: null },
  vars: { long: 'ab'.repeat(50_000), many: Array.from({ length: 2_000 }, (_, index) => index) },
};

/** Runs something that may fail only in the way that it says. */
function onlyExpressionErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    expect(error.message).not.toBe('');
  }
}

const atom = fc.constantFrom(
  '1',
  '2.5',
  '0',
  "'a'",
  "''",
  'null',
  'true',
  '[]',
  '{}',
  'params.n',
  'params.text',
  'params.list',
  'params.map',
  'params.none',
  'vars.long',
  'vars.many',
  "'^(a|b)*$'",
  'x',
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    atom,
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '>=', 'in', '&&', '||'), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(fc.constantFrom('map', 'filter', 'all', 'exists', 'exists_one'), tie('expression'), tie('expression'))
      .map(([macro, list, body]) => `${list}.${macro}(x, ${body})`),
    fc
      .tuple(fc.constantFrom(...FUNCTIONS.keys()), fc.array(tie('expression'), { minLength: 1, maxLength: 3 }))
      .map(([name, args]) => `${name}(${args.join(', ')})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([condition, yes, no]) => `(${condition} ? ${yes} : ${no})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('.a', '[0]', '.?a', "['a']", '[?1]', '.?a.orValue(1)'))
      .map(([target, part]) => target + part),
  ),
}));

it('any expression that can be read ends, with a value of JSON or an ExpressionError', () => {
  fc.assert(
    fc.property(expression, (source) => {
      onlyExpressionErrors(() => {
        const value = parseExpression(source).evaluate({ ...roots, x: 1 });
        expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      });
    }),
    { numRuns: 3_000 },
  );
});

it('any text is read as an expression or refused', () => {
  const symbols = fc.constantFrom(
    ...'abx01. "\'()[]{}?:,+-*/%=!<>&|\\$\n'.split(''),
    'params',
    'in',
    'true',
    'size',
    'r"',
    '}}',
    '${{',
    '数',
  );
  fc.assert(
    fc.property(fc.array(symbols, { maxLength: 60 }), (parts) => {
      onlyExpressionErrors(() => parseExpression(parts.join('')).evaluate(roots));
    }),
    { numRuns: 5_000 },
  );
});

it('any value is read as a template; without mistakes it evaluates or fails in the way that it says', () => {
  const text = fc
    .array(fc.constantFrom('a', '$', '{', '}', '${{', '}}', '$${{', ' ', "'", 'params.n', '1', '\n'), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), text, (value, template) => {
      const { template: read, mistakes } = readTemplate([template, value as never]);
      if (mistakes.length === 0) onlyExpressionErrors(() => evaluateTemplate(read, roots));
    }),
    { numRuns: 3_000 },
  );
});

it('numbers calculate as in JavaScript', () => {
  const number = fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000);
  fc.assert(
    fc.property(number, number, (left, right) => {
      const evaluate = (source: string) => parseExpression(source).evaluate({ params: { left, right } });
      expect(evaluate('params.left + params.right')).toBe(left + right + 0);
      expect(evaluate('params.left * params.right')).toBe(left * right + 0);
      if (right !== 0) expect(evaluate('params.left / params.right')).toBe(left / right + 0);
      expect(evaluate('params.left < params.right')).toBe(left < right);
    }),
  );
});
