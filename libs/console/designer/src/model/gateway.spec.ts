import { parseExpression } from '@orderlines/process-engine';
import fc from 'fast-check';
import { expressionOfRows, isOperand, rowsOfCondition, SIGNS, type GatewayRow, type Sign } from './gateway.js';

const operand = fc.constantFrom(
  'params.environment',
  "'a && b'",
  'vars.tries + 1',
  'size(vars.list)',
  '3',
  "tasks['my-id'].result.n",
  'tasks.a.result.?b.orValue(">")',
  '[1, 2]',
);
const rows: fc.Arbitrary<GatewayRow> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    left: operand,
    sign: fc.constantFrom(...(Object.keys(SIGNS) as Sign[])),
    right: operand,
  }),
  fc.record({
    kind: fc.constant('outcome' as const),
    node: fc.constantFrom('build', 'my-id'),
    outcome: fc.constantFrom('succeeded' as const, 'failed' as const),
  }),
);

describe('rows of a gateway', () => {
  it('read back from the expression they make, and it is one', () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 4 }), (written) => {
        const expression = expressionOfRows(written);
        expect(rowsOfCondition(expression)).toEqual(written);
        expect(() => parseExpression(expression.slice(3, -2))).not.toThrow();
      }),
    );
  });

  it('are AND-ed', () => {
    const expression = "${{ params.environment == 'production' && tasks.unit.failed && vars.n >= 2 }}";
    expect(rowsOfCondition(expression)).toEqual([
      { kind: 'compare', left: 'params.environment', sign: '=', right: "'production'" },
      { kind: 'outcome', node: 'unit', outcome: 'failed' },
      { kind: 'compare', left: 'vars.n', sign: '>=', right: '2' },
    ]);
  });

  it.each([
    '${{ a || b }}',
    '${{ !tasks.a.failed }}',
    '${{ x ? 1 : 2 }}',
    '${{ a == b == c }}',
    '${{ (a }}',
    '${{ 1 in vars.list }}',
    'text',
    'a ${{ b }}',
  ])('cannot say %s, which stays an expression', (condition) => expect(rowsOfCondition(condition)).toBeUndefined());

  it('take on a side what binds closer than a comparison', () => {
    expect(['a + 1', "'x'", 'f(a == b)'].map(isOperand)).toEqual([true, true, true]);
    expect(['', 'a == b', 'a && b', '!a', 'a ? b : c'].map(isOperand)).toEqual([false, false, false, false, false]);
  });
});
