import { describe, expect, it } from '@jest/globals';
import type { Json } from '@orderlines/contracts';
import { importLegacy } from './import.js';
import {
  definition,
  documentOf,
  end,
  gateway,
  group,
  node,
  nodeOf,
  parallel,
  problemsOf,
  single,
  start,
  taskOf,
  variable,
} from './testing/definitions.js';

const NODE_MAIL = {
  subject: '${{ run.process }}: ${{ event.name }} ${{ event.status }}',
  text: "${{ event.error == null ? '' : event.error.message }} ${{ run.url }}",
};
const FAILURE_MAIL = { states: ['FAILURE', 'TIMEOUT'], uses: 'email.send', with: NODE_MAIL };
const PROCESS_MAIL = { subject: '${{ run.process }} ${{ run.status }}', text: NODE_MAIL.text };

const settings = (task_config: Json) => taskOf({ task_config });
const list = (values: Record<string, Json>): Json =>
  Object.entries(values).map(([config_name, config_value]) => ({ config_name, config_value }));

describe('settings of a task in the older format', () => {
  it.each([[null], [{}], [[]], ['']])('keeps the older time-out and tells of a failure when nothing is written: %j', (config) => {
    expect(settings(config)).toEqual({
      id: 't',
      type: 'task',
      uses: 'math',
      with: { operation: 'add', a: 1, b: 2 },
      timeout: '2m',
      callbacks: [FAILURE_MAIL],
    });
  });

  it.each<[Json, string]>([
    [{ timeout: 30 }, '30s'],
    [{ timeout: 0.5 }, '500ms'],
    [{ timeout: '3600' }, '1h'],
    [{ task_timeout: '90' }, '90s'],
    [list({ task_timeout: '86400' }), '1d'],
    [{ timeout: null }, '2m'],
    [{ timeout: '' }, '2m'],
  ])('reads the time-out in %j', (config, timeout) => expect(settings(config)).toMatchObject({ timeout }));

  it.each<[Json, object]>([
    [{ task_strategy: 'retry' }, { retry: { limit: 2, delay: '1s' } }],
    [{ task_strategy: 'RETRY', retry_time: 5, sleep_time: 10 }, { retry: { limit: 4, delay: '10s' } }],
    [list({ task_strategy: 'Retry', retry_time: '2', sleep_time: '0.5' }), { retry: { limit: 1, delay: '500ms' } }],
    [{ task_strategy: 'retry', retry_time: 2, sleep_time: 0 }, { retry: { limit: 1, delay: '0s' } }],
    [{ task_strategy: 'SKIP' }, { onError: 'ignore' }],
  ])('reads the strategy in %j', (config, expected) => expect(settings(config)).toMatchObject(expected));

  it.each<[Json]>([[{ task_strategy: 'raise', retry_time: 5 }], [{ task_strategy: 'Raise' }], [{ task_strategy: 'retry', retry_time: 1 }]])(
    'does not repeat and does not ignore for %j',
    (config) => {
      expect(settings(config)).not.toHaveProperty('retry');
      expect(settings(config)).not.toHaveProperty('onError');
    },
  );

  it.each<[Json, string[]]>([
    [{ notice_type: 'SUCCESS' }, ['SUCCESS']],
    [{ notice_type: 'failure' }, ['FAILURE', 'TIMEOUT']],
    [{ notice_type: ['FAILURE', 'SKIP', 'RETRY'] }, ['FAILURE', 'TIMEOUT', 'SKIP', 'RETRY']],
    [{ notice_type: 'SUCCESS, TIMEOUT|STOP' }, ['SUCCESS', 'TIMEOUT', 'STOP']],
    [list({ notice_type: 'SKIP' }), ['SKIP']],
  ])('tells of the states in %j', (config, states) => expect(settings(config)).toMatchObject({ callbacks: [{ states }] }));

  it.each<[Json]>([[{ notice_type: [] }], [{ is_send: false }], [list({ is_send: 'no' })]])('sends nothing for %j', (config) =>
    expect(settings(config)).not.toHaveProperty('callbacks'),
  );

  it('calls back the method that is named, a plugin’s too, with what the older product told it', () => {
    const object = single({ task_config: { notice_type: 'SUCCESS', callback_module: 'Pager', callback_func: 'ring' } });
    expect(nodeOf(documentOf(object, { taskTypes: ['Pager.ring'] }), 't').callbacks).toEqual([
      {
        states: ['SUCCESS'],
        uses: 'Pager.ring',
        with: {
          process_name: '${{ run.process }}',
          node_info: { task_id: '${{ event.node }}', task_name: '${{ event.name }}' },
          error_info: "${{ event.error == null ? '' : event.error.message }}",
          status: '${{ event.status }}',
        },
      },
    ]);
    expect(problemsOf(importLegacy(object))).toEqual(['error legacy.unknown-module task_nodes[1].task_config.callback_module']);
  });

  it.each<[Json, string]>([
    [{ task_strategy: 'hope' }, 'unknown-strategy task_nodes[1].task_config.task_strategy'],
    [{ task_strategy: 'retry', retry_time: 'often' }, 'wrong-number task_nodes[1].task_config.retry_time'],
    [{ task_strategy: 'retry', retry_time: 2.5 }, 'wrong-number task_nodes[1].task_config.retry_time'],
    [{ task_strategy: 'retry', retry_time: 0 }, 'wrong-number task_nodes[1].task_config.retry_time'],
    [{ timeout: -1 }, 'wrong-number task_nodes[1].task_config.timeout'],
    [list({ task_timeout: 'long' }), 'wrong-number task_nodes[1].task_config[0].config_value'],
    [{ notice_type: 'SOMETIMES' }, 'unknown-state task_nodes[1].task_config.notice_type'],
  ])('refuses %j', (config, problem) =>
    expect(problemsOf(importLegacy(single({ task_config: config })))).toEqual([`error legacy.${problem}`]),
  );

  it('warns of settings it does not know and passes over the switches of the newer console', () => {
    expect(problemsOf(importLegacy(single({ task_config: { is_state: true, is_corner: false, colour: 'red' } })))).toEqual([
      'warning legacy.unknown-setting task_nodes[1].task_config.colour',
    ]);
  });
});

describe('settings of other nodes in the older format', () => {
  const lanes = (task_config: Json) =>
    documentOf(definition([start('p'), parallel('p', ['a', 'b'], 'e', { task_config }), node('a', 'e'), node('b', 'e'), end('e')])).flow[0];

  it.each<[Json, object]>([
    [{ runner: 'gevent' }, { runner: 'io' }],
    [
      { runner: 'PROCESS', pool_size: '4' },
      { runner: 'cpu', maxConcurrency: 4 },
    ],
    [{ timeout: 60 }, { timeout: '1m' }],
    [
      { task_strategy: 'skip', notice_type: 'SKIP' },
      { onError: 'ignore', callbacks: [{ states: ['SKIP'], uses: 'email.send', with: NODE_MAIL }] },
    ],
  ])('reads %j of a parallel node', (config, expected) => expect(lanes(config)).toMatchObject(expected));

  it('sets no limit, no runner and no mail where a container has none', () => {
    expect(Object.keys(lanes(null) ?? {})).toEqual(['id', 'type', 'failFast', 'branches']);
  });

  it('refuses a runner it does not know', () => {
    const nodes = [start('p'), parallel('p', ['a'], 'e', { task_config: { runner: 'magic' } }), node('a', null), end('e')];
    expect(problemsOf(importLegacy(definition(nodes)))).toEqual(['error legacy.unknown-runner task_nodes[1].task_config.runner']);
  });

  it('repeats groups and parallel nodes like tasks, and warns of a gateway that would be repeated', () => {
    const task_config = { task_strategy: 'retry', retry_time: 2 };
    const nodes = [
      start('g'),
      group('g', ['a'], 'w', { task_config }),
      node('a', null),
      { ...gateway('w', [{ task_id: 'e', condition: [] }]), task_config },
      end('e'),
    ];
    expect(nodeOf(documentOf(definition(nodes)), 'g')).toMatchObject({ type: 'group', retry: { limit: 1, delay: '1s' } });
    expect(problemsOf(importLegacy(definition(nodes)))).toEqual(['warning legacy.no-retry-here task_nodes[3].task_config']);
  });
});

describe('settings of a process in the older format', () => {
  const process = (process_config: Json, more: object = {}) =>
    documentOf(definition([start('e'), end('e')], [variable('v', 'str', 'x')], { process_config, ...more }));

  it.each<[Json, string]>([
    [null, '2h'],
    [{}, '2h'],
    [{ timeout: 600 }, '10m'],
    [{ timeout: '120' }, '2m'],
  ])('has the time-out of %j', (config, timeout) => expect(process(config)).toMatchObject({ timeout }));

  it.each<[Json, object[] | undefined]>([
    [null, [{ states: ['FAILURE', 'TIMEOUT'], uses: 'email.send', with: PROCESS_MAIL }]],
    [{ notice_type: 'SUCCESS' }, [{ states: ['SUCCESS'], uses: 'email.send', with: PROCESS_MAIL }]],
    [{ notice_type: 'FAILURE', is_send: false }, undefined],
    [{ is_send: 'false' }, undefined],
    [{ is_send: 0 }, undefined],
  ])('sends the mail of %j', (config, callbacks) => expect(process(config).callbacks).toEqual(callbacks));

  it('runs setup and teardown as tasks with their arguments', () => {
    const document = process({
      setup: { name: 'Test.test_add', method_kwargs: { a: 1, b: '2' } },
      teardown: { name: 'Email.send_msg', method_kwargs: { process_name: 'p', status: '${v}' } },
    });
    expect(document.setup).toEqual([{ id: 'setup', type: 'task', uses: 'math', with: { operation: 'add', a: 1, b: 2 }, timeout: '2m' }]);
    expect(document.teardown).toEqual([
      {
        id: 'teardown',
        type: 'task',
        uses: 'email.send',
        with: { subject: 'p ${{ vars.v }}', text: 'process_name: p\nstatus: ${{ vars.v }}' },
        timeout: '2m',
      },
    ]);
    expect(process({ setup: { name: '', method_kwargs: {} }, teardown: null }).setup).toBeUndefined();
  });

  it('names what is wrong with them', () => {
    const config = { timeout: 'soon', setup: { name: 'Gone.method' } };
    expect(problemsOf(importLegacy(definition([start('e'), end('e')], [], { process_config: config })))).toEqual([
      'error legacy.unknown-module process_info.process_config.setup.name',
      'error legacy.wrong-number process_info.process_config.timeout',
    ]);
  });
});
