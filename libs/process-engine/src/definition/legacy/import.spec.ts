import { describe, expect, it } from '@jest/globals';
import type { Json } from '@orderlines/contracts';
import { readDefinition } from '../read-definition.js';
import type { TaskTypeDescription } from '../task-types.js';
import { importLegacy, isLegacy } from './index.js';
import {
  definition,
  documentOf,
  end,
  gateway,
  node,
  parallel,
  nodeOf,
  problemsOf,
  single,
  start,
  taskOf,
  variable,
  WITH_PLUGIN,
} from './testing/definitions.js';

describe('a definition of the older format', () => {
  it.each<[unknown, boolean]>([
    [{ process_info: {} }, true],
    [{ task_nodes: [] }, true],
    [{ process_node: [] }, true],
    [{ node_list: [] }, true],
    [{ apiVersion: 'orderlines/v1', process_info: {} }, false],
    [{ name: 'x', flow: [] }, false],
    [[], false],
    ['process_info', false],
    [null, false],
  ])('is known by its keys: %j is %s', (object, expected) => expect(isLegacy(object)).toBe(expected));

  it.each(['task_nodes', 'process_node', 'node_list'])('may have its nodes under %s', (key) => {
    const { task_nodes, ...rest } = definition([start('e'), end('e')]);
    expect(documentOf({ ...rest, [key]: task_nodes ?? null }).flow).toEqual([{ id: 'e', type: 'end' }]);
  });

  it('becomes a whole document with its head', () => {
    const info = {
      process_id: 'demo-7',
      process_name: ' demo release ',
      creator: 'alice',
      desc: 'what it does',
      version: '0.0.2',
      version_desc: 'second',
      namespace: 'shop',
      process_type: 'test',
      process_config: { timeout: 600, is_send: false },
    };
    const result = importLegacy(definition([start('e'), { ...end('e'), task_name: 'finish', desc: 'the end' }], [], info));
    expect(result.legacyId).toBe('demo-7');
    expect(result.document).toEqual({
      apiVersion: 'orderlines/v1',
      kind: 'Process',
      namespace: 'shop',
      name: 'demo release',
      description: 'what it does',
      labels: { creator: 'alice', version: '0.0.2', version_desc: 'second', process_type: 'test' },
      timeout: '10m',
      flow: [{ id: 'e', name: 'finish', description: 'the end', type: 'end' }],
    });
  });

  it('may have its head beside its nodes, as the first files had', () => {
    const object = { process_id: 1001, process_name: 'first', process_desc: 'old', node_list: [start('e'), end('e')] };
    expect(importLegacy(object)).toMatchObject({ legacyId: '1001', document: { name: 'first', description: 'old' }, problems: [] });
  });

  it('takes the process_id for a name where there is none, and rewrites names that are not allowed', () => {
    const named = (process_name: Json, namespace: Json = null) =>
      importLegacy(definition([start('e'), end('e')], [], { process_name, namespace }));
    expect(named(null).document?.name).toBe('p-1');
    expect(named('a/b@c', 'my team')).toMatchObject({ document: { name: 'a-b-c', namespace: 'my-team' } });
    expect(named('a/b@c', 'my team').converted).toHaveLength(3);
  });

  it('is never changed', () => {
    const object = single({ method_kwargs: { a: '${n}+1', b: [{ c: 1 }] }, task_config: [], result_config: [] }, [
      variable('n', 'int', '1'),
    ]);
    const before = structuredClone(object);
    importLegacy(object, WITH_PLUGIN);
    expect(object).toEqual(before);
    expect(() => importLegacy(deepFreeze(object))).not.toThrow();
  });

  it.each<[string, Json, string[]]>([
    ['no object', [], ['error legacy.shape ']],
    ['no nodes', { process_info: {} }, ['error legacy.no-nodes task_nodes']],
    ['nodes that are no list', { process_info: {}, task_nodes: {} }, ['error legacy.no-nodes task_nodes']],
    ['a head that is no object', { process_info: [], task_nodes: [start('e'), end('e')] }, ['error legacy.shape process_info']],
    ['variables that are no list', { ...definition([start('e'), end('e')]), variable: {} }, ['error legacy.shape variable']],
    ['a node that is no object', definition([start('e'), end('e'), 'x']), ['error legacy.shape task_nodes[2]']],
    ['a node without an id', definition([start('e'), end('e'), { task_name: 'x' }]), ['error legacy.shape task_nodes[2].task_id']],
    [
      'arguments that are no object',
      definition([start('a'), node('a', null, { method_kwargs: [1] })]),
      ['error legacy.shape task_nodes[1].method_kwargs'],
    ],
    ['no name at all', { process_info: {}, task_nodes: [start('e'), end('e')] }, ['error legacy.no-name process_info.process_name']],
  ])('is refused with %s', (_, object, problems) => {
    const result = importLegacy(object);
    expect(problemsOf(result).filter((problem) => problem.startsWith('error'))).toEqual(problems);
    expect(result.document).toBeUndefined();
  });

  it('may have keys of the older tables, and is warned of keys that nothing knows', () => {
    const row = { id: 1, active: 1, creator_id: 3, updater_name: 'bob', insert_time: 'x', module_version: '1.0.0.1' };
    const object = {
      ...definition([start('e'), { ...end('e'), ...row, next_ids: [] }], [{ ...variable('v', 'int'), ...row, note: '' }], {
        ...row,
        mode: 'run',
        color: 1,
      }),
      more: 1,
    };
    expect(problemsOf(importLegacy(object))).toEqual([
      'warning legacy.unknown-key more',
      'warning legacy.unknown-key process_info.color',
      'warning legacy.unknown-key task_nodes[1].next_ids',
      'warning legacy.unknown-key variable[0].note',
    ]);
  });
});

describe('what is found wrong in the new document', () => {
  const object = definition(
    [
      start('a b'),
      node('a b', 'g'),
      gateway('g', [{ task_id: 'p', condition: [{ condition: '${n}', sign: '=', target: 1 }] }]),
      parallel('p', ['c'], 'e'),
      node('c', null),
      end('e'),
    ],
    [variable('', 'int'), variable('n', 'int')],
  );
  const { placeOf } = importLegacy(object);

  it.each([
    ['flow[0].with.a', 'task_nodes[1].method_kwargs.a'],
    ['flow[0].uses', 'task_nodes[1].task_module'],
    ['flow[0].retry.limit', 'task_nodes[1].task_config'],
    ['flow[0]', 'task_nodes[1]'],
    ['flow[1].cases[0].when', 'task_nodes[2].method_kwargs.conditions[0]'],
    ['flow[2].branches.lane_1[0].set.n', 'task_nodes[4].result_config'],
    ['flow[2].branches', 'task_nodes[3].method_kwargs'],
    ['variables[0].value', 'variable[1]'],
    ['timeout', 'process_info.process_config.timeout'],
    ['params[0]', 'process_info.process_params'],
    ['setup[0].with.a', 'process_info.process_config.setup'],
    ['apiVersion', ''],
  ])('at %s came from %s', (path, place) => expect(placeOf(path)).toBe(place));

  it('is told with its line in the older text', () => {
    const text =
      'process_info: { process_name: x }\ntask_nodes:\n- { task_id: s, method_name: start, next_id: a }\n- task_id: a\n  task_module: Test\n  method_name: test_add\n  method_kwargs:\n    a: 1\n    b: many\n';
    const taskTypes = new Map<string, TaskTypeDescription>([
      ['math', { inputs: { type: 'object', properties: { b: { type: 'number' } } } }],
      ['email.send', { inputs: {} }],
    ]);
    expect(readDefinition(text, { taskTypes }).problems).toMatchObject([
      { path: 'task_nodes[1].method_kwargs.b', line: 9, severity: 'error' },
    ]);
  });
});

describe('tasks of the older format', () => {
  it.each([
    ['Test', 'test_add', 'add'],
    ['Test', 'test_subtraction', 'subtract'],
    ['Test', 'test_multi', 'multiply'],
    ['AddTest', 'test_add', 'add'],
    ['SubtractionTest', 'test_subtraction', 'subtract'],
  ])('calculate: %s.%s is math with %s', (task_module, method_name, operation) => {
    const task = taskOf({ task_module, method_name, method_kwargs: { a: '3', b: '${n}*2' } }, [variable('n', 'int', 1)]);
    expect(task).toMatchObject({ uses: 'math', with: { operation, a: 3, b: '${{ vars.n * 2 }}' } });
  });

  it('send mails that tell what they were given', () => {
    const given = { process_name: 'p', node_info: { task_id: 1 }, error_info: '${s}', status: 'FAILURE' };
    expect(taskOf({ task_module: 'Email', method_name: 'send_msg', method_kwargs: given }, [variable('s', 'str', 'x')])).toMatchObject({
      uses: 'email.send',
      with: { subject: 'p FAILURE', text: 'process_name: p\nnode_info: {"task_id":1}\nerror_info: ${{ vars.s }}\nstatus: FAILURE' },
    });
    expect(taskOf({ task_module: 'Email', method_name: 'send_msg', method_kwargs: { to: ['a@b.c'] } })).toMatchObject({
      with: { subject: '${{ run.process }}', text: '${{ run.url }}', to: ['a@b.c'] },
    });
  });

  it.each<[Json, Json, Json, Json]>([
    ['int', '5', 'int', 5],
    ['int', '${n}+1', 'int', '${{ vars.n + 1 }}'],
    ['str', 5, 'str', '5'],
    ['list', '[1]', 'list', [1]],
    ['dict', { a: '${n}' }, 'dict', { a: '${{ vars.n }}' }],
    ['None', 'text', 'None', 'text'],
  ])('assign a value to a variable of type %s: %j', (type, variable_value, variable_type, expected) => {
    const given = { variable_key: '${v}', variable_value, variable_type };
    const task = taskOf({ task_module: 'Variable', method_name: 'variable_reassign', method_kwargs: given }, [
      variable('v', type),
      variable('n', 'int', 1),
    ]);
    expect(task).toMatchObject({ type: 'assign', set: { v: expected } });
    expect(task).not.toHaveProperty('timeout');
  });

  it('are a plugin’s when it has a task type of that name', () => {
    const object = single({ task_module: 'Plugin', method_name: 'run', method_kwargs: { x: 1 } });
    expect(nodeOf(documentOf(object, WITH_PLUGIN), 't')).toMatchObject({ uses: 'Plugin.run', with: { x: 1 } });
    expect(importLegacy(object).problems[0]?.message).toContain('`Plugin.run`');
  });

  it.each<[Json, Json]>([
    [{ result_key: 'add_value', variable_key: '${n}' }, { n: '${{ result.add_value }}' }],
    [{ result_key: 'add_value', variable_key: 'n' }, { n: '${{ result.add_value }}' }],
    [
      [
        { result_key: 'a-b', variable_key: '${n}' },
        { result_key: 'c', variable_key: '${m}' },
      ],
      { n: "${{ result['a-b'] }}", m: '${{ result.c }}' },
    ],
  ])('bind results: %j', (result_config, set) =>
    expect(taskOf({ result_config }, [variable('n', 'int'), variable('m', 'int')])).toMatchObject({ set }),
  );

  it.each<[Json]>([[null], [''], [{}], [[]], [{ result_key: '', variable_key: '' }]])('bind nothing for %j', (result_config) =>
    expect(taskOf({ result_config })).not.toHaveProperty('set'),
  );

  it('may not bind what is not declared, nor a parameter, nor nothing', () => {
    const result_config: Json = [{ result_key: 'a', variable_key: '${gone}' }, { result_key: '', variable_key: 'n' }, { result_key: 'a' }];
    const path = 'task_nodes[1].result_config';
    expect(problemsOf(importLegacy(single({ result_config }, [variable('n', 'int')])))).toEqual([
      `error legacy.unknown-variable ${path}[0].variable_key`,
      `error legacy.no-result-key ${path}[1].result_key`,
      `error legacy.unknown-variable ${path}[2].variable_key`,
    ]);
  });

  it('have a type by their module where none is written', () => {
    const untyped = definition([
      { ...start('g'), task_type: null },
      { task_id: 'g', task_module: 'Group', method_name: 'task_group', method_kwargs: { group_ids: ['a'] }, next_id: 'e' },
      { task_id: 'a', task_module: 'Test', method_name: 'test_add', method_kwargs: { a: 1, b: 2 } },
      { ...end('e'), task_type: '' },
    ]);
    expect(documentOf(untyped).flow.map(({ type }) => type)).toEqual(['group', 'end']);
  });

  it('keep their breakpoints', () => {
    expect(documentOf(single({ breakpoint: 1 })).flow).toMatchObject([{ id: 't', breakpoint: true }, { type: 'end' }]);
    expect(documentOf(single({ breakpoint: 0 })).flow[0]).not.toHaveProperty('breakpoint');
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
