import { parseExpression } from './expression.js';
import { ExpressionError, type Roots } from './template.js';

const roots: Roots = {
  params: { n: 10, version: 'v1.2.3', name: 'web shop' },
  vars: { regions: ['eu', 'us'], 数量: 3, empty: null, tags: { a: 1, b: 2 } },
  tasks: {
    build: { status: 'SUCCESS', failed: false, result: { lines: 12, path: '/tmp' } },
    never: { status: 'PENDING', failed: false, result: {}, error: {} },
  },
};
const evaluate = (source: string) => parseExpression(source).evaluate(roots);
const failure = (run: () => unknown): ExpressionError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('numbers are one thing to a person', () => {
  it.each([
    ['7 / 2', 3.5],
    ['params.n + 1', 11],
    ['10 - params.n', 0],
    ['params.n / 4', 2.5],
    ['params.n % 3', 1],
    ['params.n * 2.5', 25],
    ['params.n > 3.5', true],
    ['params.n == 10.0', true],
    ['-params.n', -10],
    ['0 * -1', 0],
    ['size(vars.regions) + 1', 3],
    ['vars.regions[2 - 1]', 'us'],
    ['5u + 0x10', 21],
    ['1e3 + 1', 1001],
  ])('%s is %j', (source, expected) => {
    expect(evaluate(source)).toStrictEqual(expected);
  });

  it.each(['1 / 0', 'params.n % 0', '1 / (params.n - 10)'])('%s is an error', (source) => {
    expect(failure(() => evaluate(source)).message).toBe('division by zero');
  });
});
