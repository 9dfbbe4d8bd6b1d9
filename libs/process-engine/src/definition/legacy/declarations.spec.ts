import { describe, expect, it } from '@jest/globals';
import type { Json } from '@orderlines/contracts';
import { importLegacy } from './import.js';
import { argumentOf, definition, documentOf, end, problemsOf, single, start, variable } from './testing/definitions.js';

const declared = (type: Json, value: Json) => documentOf(single({}, [variable('v', type, value)])).variables?.[0];

describe('variables of the older format', () => {
  it.each([
    ['str', 'text', { type: 'string', value: 'text' }],
    ['str', '', { type: 'string', value: '' }],
    ['str', 5, { type: 'string', value: '5' }],
    ['int', '42', { type: 'integer', value: 42 }],
    ['int', ' -7 ', { type: 'integer', value: -7 }],
    ['int', 3, { type: 'integer', value: 3 }],
    ['int', '', { type: 'integer' }],
    ['int', null, { type: 'integer' }],
    ['float', '2.5', { type: 'number', value: 2.5 }],
    ['float', 2, { type: 'number', value: 2 }],
    ['bool', 'False', { type: 'boolean', value: false }],
    ['bool', 'true', { type: 'boolean', value: true }],
    ['bool', '0', { type: 'boolean', value: false }],
    ['bool', false, { type: 'boolean', value: false }],
    ['list', '[1, "a"]', { type: 'list', value: [1, 'a'] }],
    ['list', "['a', True, None]", { type: 'list', value: ['a', true, null] }],
    ['list', [1], { type: 'list', value: [1] }],
    ['dict', '{"a": {"b": 1}}', { type: 'map', value: { a: { b: 1 } } }],
    ['dict', "{'a': 1}", { type: 'map', value: { a: 1 } }],
    ['None', 'x', { type: 'any', value: 'x' }],
    [null, 5, { type: 'any', value: 5 }],
    ['INT', '1', { type: 'integer', value: 1 }],
    ['str', '${{ x }}', { type: 'string', value: '$${{ x }}' }],
  ])('declares %s with %j', (type, value, expected) => expect(declared(type, value)).toEqual({ name: 'v', ...expected }));

  it.each([
    ['int', 'abc'],
    ['int', '2.5'],
    ['float', 'abc'],
    ['bool', 'perhaps'],
    ['list', '{}'],
    ['dict', '['],
    ['int', [1]],
  ])('refuses a value that is no %s: %j', (type, value) =>
    expect(problemsOf(importLegacy(single({}, [variable('v', type, value)])))).toEqual([
      'error legacy.wrong-value variable[0].variable_value',
    ]),
  );

  it('refuses a type it does not know and a name that is declared twice', () => {
    const variables = [variable('v', 'text'), variable('w', 'int'), variable('${w}', 'int')];
    expect(problemsOf(importLegacy(single({}, variables)))).toEqual([
      'error legacy.unknown-type variable[0].variable_type',
      'error legacy.duplicate-variable variable[2].variable_key',
    ]);
  });

  it('leaves out the blank row that the older builder inserted', () => {
    expect(documentOf(single({}, [variable('', 'str')])).variables).toBeUndefined();
    expect(documentOf(single({}, [{ variable_key: null, variable_type: null }])).variables).toBeUndefined();
  });

  it('rewrites names that are not allowed, with everything that uses them', () => {
    const variables = [variable('a.b', 'int', 1), variable('1st', 'int', 1)];
    const object = single(
      { method_kwargs: { a: '${a.b}+1', b: '${1st}' }, result_config: { result_key: 'add_value', variable_key: '${a.b}' } },
      variables,
    );
    const document = documentOf(object);
    expect(document.variables?.map(({ name }) => name)).toEqual(['a_b', '_1st']);
    expect(document.flow[0]).toMatchObject({
      with: { a: '${{ vars.a_b + 1 }}', b: '${{ vars._1st }}' },
      set: { a_b: '${{ result.add_value }}' },
    });
    expect(importLegacy(object).converted).toContain('The name `a.b` is written `a_b`, also in every `${a.b}` (variable[0].variable_key).');
  });

  it('keeps the description and warns of variables that were shared by all processes', () => {
    const shared = { ...variable('v', 'int', 1), variable_desc: 'what it is', is_global: 1, is_cache: true };
    const { document, problems } = importLegacy(single({}, [shared]));
    expect(document?.variables).toEqual([{ name: 'v', type: 'integer', description: 'what it is', value: 1 }]);
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['legacy.global-variable', 'warning']]);
  });
});

describe('parameters of the older format', () => {
  const withParams = (process_params: Json) => documentOf(definition([start('e'), end('e')], [], { process_params }));

  it('makes inputs of a run of an object', () => {
    expect(withParams({ text: 'a', count: 3, share: 0.5, on: true, hosts: ['a'], more: {}, open: null }).params).toEqual([
      { name: 'text', type: 'string', default: 'a' },
      { name: 'count', type: 'integer', default: 3 },
      { name: 'share', type: 'number', default: 0.5 },
      { name: 'on', type: 'boolean', default: true },
      { name: 'hosts', type: 'list', default: ['a'] },
      { name: 'more', type: 'map', default: {} },
      { name: 'open', type: 'string' },
    ]);
  });

  it('makes inputs of a list in the shape of variables', () => {
    expect(withParams([variable('count', 'int', '3')]).params).toEqual([{ name: 'count', type: 'integer', default: 3 }]);
  });

  it('lets arguments name them', () => {
    const task = {
      ...start('e'),
      task_id: 't',
      task_type: 'common',
      task_module: 'Test',
      method_name: 'test_add',
      method_kwargs: { a: '${count}+1' },
    };
    const document = documentOf(definition([start('t'), task, end('e')], [], { process_params: { count: 3 } }));
    expect(document.flow[0]).toMatchObject({ with: { a: '${{ params.count + 1 }}' } });
  });

  it('warns when a name is a variable too', () => {
    const object = definition([start('e'), end('e')], [variable('v', 'int')], { process_params: { v: 1 } });
    expect(problemsOf(importLegacy(object))).toEqual(['warning legacy.param-is-variable process_info.process_params.v']);
  });

  it('has nothing to say about names in constants', () => expect(argumentOf('plain')).toBe('plain'));
});
