import type { Json } from '@orderlines/contracts';
import { parseExpression } from '../expression.js';
import { ExpressionError, type Roots } from '../template.js';

/** A run as the tables of the tests know it. */
export const ROOTS: Roots = {
  params: { n: 10, half: 0.5, version: 'v1.2.3', name: 'web shop', yes: true },
  vars: { regions: ['eu', 'us'], 数量: 3, empty: null, none: [], tags: { a: 1, b: 2 }, mixed: [1, '1', true, null, [1], { a: 1 }] },
  tasks: {
    build: {
      status: 'SUCCESS',
      failed: false,
      result: {
        lines: 12,
        path: '/tmp',
        files: [
          { name: 'a', size: 3 },
          { name: 'b', size: 5 },
        ],
      },
    },
    'my-id': { status: 'SUCCESS', failed: false, result: { ok: true } },
    never: { status: 'PENDING', failed: false, result: {}, error: {} },
  },
};

/** The value of an expression over {@link ROOTS}. */
export const evaluate = (source: string, roots: Roots = ROOTS): Json => parseExpression(source).evaluate(roots);

/** The mistake that reading or evaluating an expression names. */
export function mistakeOf(source: string, roots: Roots = ROOTS): ExpressionError {
  try {
    evaluate(source, roots);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`no mistake in ${source}`);
}
