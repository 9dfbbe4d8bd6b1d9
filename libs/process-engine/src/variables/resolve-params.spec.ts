import type { JsonObject } from '@orderlines/contracts';
import type { CompiledParam } from '../definition/compiled.js';
import { parseTemplate } from './parse-template.js';
import { resolveParams } from './resolve-params.js';

const params: CompiledParam[] = [
  { name: 'version', type: 'string', required: true, pattern: '^v\\d' },
  { name: 'count', type: 'integer', required: false, default: parseTemplate(3), min: 1 },
  { name: 'tag', type: 'string', required: false, default: parseTemplate('${{ params.version }}-${{ run.number }}') },
  { name: 'note', type: 'text', required: false },
];
const resolve = (given: JsonObject, declared = params) => resolveParams({ params: declared }, given, { number: 7 });

it('fills in defaults, which read the run and the params before them', () => {
  expect(resolve({ version: 'v1' })).toEqual({ params: { version: 'v1', count: 3, tag: 'v1-7', note: null }, problems: [] });
});

it('converts what came as text', () => {
  expect(resolve({ version: 'v1', count: '12', tag: 'x', note: 'n' }).params).toEqual({ version: 'v1', count: 12, tag: 'x', note: 'n' });
});

it('names everything that is wrong at once', () => {
  expect(resolve({ count: 'many', verison: 'v1' }).problems.map(({ code, path, message }) => [code, path, message])).toEqual([
    ['params.unknown', 'params.verison', 'the process has no param `verison`; did you mean `version`?'],
    ['params.required', 'params.version', 'the param `version` (string) is required'],
    ['params.invalid', 'params.count', 'the param `count` must be a whole number, not `many`'],
    [
      'params.default',
      'params.tag',
      expect.stringMatching(/^the default of `tag`, `params.version`, failed: null cannot be put into a text/),
    ],
  ]);
});

it('takes null for a param that was not given', () => {
  expect(resolve({ version: null, count: null }).problems.map(({ code }) => code)).toContain('params.required');
  expect(resolve({ version: 'v1', count: null }).params['count']).toBe(3);
});

it('checks what a default gives', () => {
  const declared: CompiledParam[] = [{ name: 'n', type: 'integer', required: false, default: parseTemplate('${{ run.number + 0.5 }}') }];
  expect(resolve({}, declared).problems).toEqual([
    { code: 'params.invalid', path: 'params.n', message: 'the param `n` must be a whole number, not a number', severity: 'error' },
  ]);
});

it('a process without params says so', () => {
  expect(resolve({ a: 1 }, []).problems[0]?.message).toBe('the process has no param `a`; it has none');
  expect(resolve({ version: 'v1', zzz: 1 }).problems[0]?.message).toBe('the process has no param `zzz`; it has version, count, tag, note');
});
