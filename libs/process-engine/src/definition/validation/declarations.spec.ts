import { problemsOf } from '../testing/definitions.js';

const declared = (params: string, variables = '') => `apiVersion: orderlines/v1
kind: Process
name: sample
params: [${params}]
variables: [${variables}]
flow: [{ id: a, uses: x }]
`;

it.each([
  ['{ name: a, type: string }, { name: a, type: integer }', 'params[1].name: there are two params `a`'],
  ['{ name: a, type: integer, min: 3, max: 1 }', 'params[0].min: `a`: min (3) is more than max (1)'],
  ['{ name: a, type: integer, pattern: x }', 'params[0].pattern: `a`: only a string or text has a pattern'],
  ['{ name: a, type: string, pattern: "(" }', /params\[0\].pattern: the pattern `\(` cannot be read/],
  ['{ name: a, type: string, pattern: "(?=x)" }', /params\[0\].pattern: the pattern .* cannot be read/],
  ['{ name: a, type: integer, enum: [1, x] }', 'params[0].enum[1]: `a` must be a whole number, not `x`'],
  ['{ name: a, type: string, enum: [v1, 1.10] }', 'params[0].enum[1]: `a` must be a text, not a number; quote it: "1.10"'],
  ['{ name: a, type: string, default: 1.10 }', 'params[0].default: `a` must be a text, not a number; quote it: "1.10"'],
  ['{ name: a, type: integer, default: many }', 'params[0].default: `a` must be a whole number, not `many`'],
  ['{ name: a, type: integer, default: 5, max: 3 }', 'params[0].default: `a` must be at most 3, not 5'],
  ['{ name: a, type: string, enum: [b], default: c }', 'params[0].default: `a` must be one of "b", not "c"'],
  ['{ name: a, type: string, pattern: "^v", default: c }', 'params[0].default: `a` must match `^v`, `c` does not'],
  ['{ name: a, type: date, default: 2026-02-30 }', 'params[0].default: `a` must be a date such as 2026-03-01, not `2026-02-30`'],
  ['{ name: "a b", type: string }', /params\[0\].name: `name`: a name begins with a letter/],
  ['{ name: a, type: secret }', /params\[0\].type: `type` is one of `string`, .* not `secret`/],
  ['{ name: a, type: any }', /params\[0\].type: `type` is one of .* not `any`/],
])('param %s', (params, problem) => {
  const problems = problemsOf(declared(params)).map((line) => line.replace(/^\S+ \w+ \S+ /, ''));
  expect(problems.some((line) => (typeof problem === 'string' ? line === problem : problem.test(line)))).toBe(true);
});

it.each([
  ['{ name: a, type: integer, value: x }', 'variables[0].value: `a` must be a whole number, not `x`'],
  ['{ name: a, type: string, value: 010 }', 'variables[0].value: `a` must be a text, not a number; quote it: "010"'],
  ['{ name: a, type: list, value: { b: 1 } }', 'variables[0].value: `a` must be a list, not a map'],
  ['{ name: a, type: list }, { name: a, type: map }', 'variables[1].name: there are two variables `a`'],
])('variable %s', (variables, problem) => {
  expect(problemsOf(declared('', variables)).map((line) => line.replace(/^\S+ \w+ \S+ /, ''))).toEqual([problem]);
});

it.each([
  ['{ name: 数量, type: integer, default: "3", min: 1 }', ''],
  ['{ name: a, type: string, default: "${{ run.id }}", pattern: "^v" }', '{ name: a, type: string }'],
  ['{ name: a, type: list, enum: [[1], [2]], default: [2] }', '{ name: b, type: any, value: [1, x] }'],
  ['{ name: a, type: string, default: null }', '{ name: b, type: integer, value: null }'],
  ['', '{ name: b, type: text, value: "$${{ kept }}" }'],
])('params %s and variables %s are fine', (params, variables) => {
  expect(problemsOf(declared(params, variables))).toEqual([]);
});
