import { defineTask, localized, objectSchema } from '@orderlines/plugin-sdk';

const OPERATIONS = {
  add: { key: 'add_value', of: (a: number, b: number) => a + b },
  subtract: { key: 'subtraction_value', of: (a: number, b: number) => a - b },
  multiply: { key: 'multi_value', of: (a: number, b: number) => a * b },
} as const;

const number = { type: 'number' };

/** `math`: the sample; its result keys are those of the older product's `Test` module. */
export const mathTask = () =>
  defineTask<{ operation: keyof typeof OPERATIONS; a: number; b: number }>({
    name: 'math',
    version: '1.0.0',
    category: 'sample',
    icon: 'calculator',
    order: 10,
    title: { en: 'Arithmetic', zh: '算术' },
    description: { en: 'Adds, subtracts or multiplies two numbers.', zh: '对两个数做加、减或乘。' },
    help: {
      en: 'The result has one key: `add_value`, `subtraction_value` or `multi_value`.\n\n```yaml\n- { id: sum, uses: math, with: { operation: add, a: 20, b: 22 }, set: { total: "${{ result.add_value }}" } }\n```',
      zh: '结果只有一个键：`add_value`、`subtraction_value` 或 `multi_value`。\n\n```yaml\n- { id: sum, uses: math, with: { operation: add, a: 20, b: 22 }, set: { total: "${{ result.add_value }}" } }\n```',
    },
    inputs: objectSchema(
      {
        operation: localized(
          { enum: Object.keys(OPERATIONS) },
          { en: ['Operation', 'What is done with a and b.'], zh: ['运算', '对 a 和 b 做的运算。'] },
        ),
        a: localized(number, { en: ['a', 'The first number.'], zh: ['a', '第一个数。'] }),
        b: localized(number, { en: ['b', 'The second number.'], zh: ['b', '第二个数。'] }),
      },
      ['operation', 'a', 'b'],
    ),
    results: objectSchema(Object.fromEntries(Object.values(OPERATIONS).map(({ key }) => [key, number]))),
    idempotent: true,
    run: (_context, { operation, a, b }) => ({ [OPERATIONS[operation].key]: OPERATIONS[operation].of(a, b) }),
  });
