import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Json } from '@orderlines/contracts';
import { readDefinition } from '../read-definition.js';
import type { ProcessDocument } from '../document.js';
import { exportLegacy } from './export.js';
import { importLegacy } from './import.js';

const EXAMPLES = join(import.meta.dirname, '../../../../../examples/legacy');

function written(yaml: string): ProcessDocument {
  const text = `apiVersion: orderlines/v1\nkind: Process\nname: test\n${yaml}`;
  const { document, problems } = readDefinition(text);
  if (document === undefined || problems.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(problems));
  return document;
}

describe('a process written in the older format', () => {
  it.each(readdirSync(EXAMPLES))('%s comes back as the same process', (file) => {
    const { document, legacyId } = readDefinition(readFileSync(join(EXAMPLES, file), 'utf8'));
    if (document === undefined) throw new Error('not read');
    const { object, problems } = exportLegacy(document, legacyId);
    expect(problems).toEqual([]);
    expect(importLegacy(object)).toMatchObject({ document, legacyId });
    const again = importLegacy(object).document;
    expect(again && exportLegacy(again, legacyId).object).toEqual(object);
  });

  it('has its tasks, links, settings, variables and conditions in the older words', () => {
    const document = written(`
namespace: shop
description: what it does
labels: { creator: alice, version: 0.0.1 }
params: [{ name: limit, type: integer, default: 5 }]
variables: [{ name: count, type: integer, value: 0 }]
timeout: 10m
setup: [{ id: setup, uses: math, with: { operation: add, a: 1, b: 1 }, timeout: 2m }]
flow:
  - { id: add, name: one more, uses: math, with: { operation: add, a: "\${{ vars.count + 1 }}", b: 2 }, set: { count: "\${{ result.add_value }}" }, timeout: 30s, retry: { limit: 2, delay: 5s } }
  - { id: gate, type: switch, cases: [{ name: enough, when: "\${{ vars.count >= params.limit && tasks.add.status == 'SUCCESS' }}", next: done }], default: add }
  - { id: done, type: end }
`);
    const { object, problems } = exportLegacy(document, 'p-7');
    expect(problems).toEqual([]);
    const common = { prev_id: null, result_config: null, task_config: null, desc: null, next_id: null };
    expect(object).toEqual({
      process_info: {
        process_id: 'p-7',
        process_name: 'test',
        namespace: 'shop',
        desc: 'what it does',
        creator: 'alice',
        version: '0.0.1',
        process_params: { limit: 5 },
        process_config: {
          timeout: 600,
          is_send: false,
          setup: { name: 'Test.test_add', method_kwargs: { a: 1, b: 1 } },
          teardown: { name: '', method_kwargs: {} },
        },
      },
      variable: [{ variable_key: 'count', variable_type: 'int', variable_value: 0, variable_desc: null }],
      task_nodes: [
        {
          ...common,
          task_id: 'start',
          task_name: 'start',
          task_type: 'start',
          task_module: 'BuiltIn',
          method_name: 'start',
          method_kwargs: {},
          next_id: 'add',
        },
        {
          ...common,
          task_id: 'add',
          task_name: 'one more',
          task_type: 'common',
          task_module: 'Test',
          method_name: 'test_add',
          method_kwargs: { a: '${count}+1', b: 2 },
          next_id: 'gate',
          task_config: { timeout: 30, task_strategy: 'retry', retry_time: 3, sleep_time: 5, notice_type: [] },
          result_config: [{ result_key: 'add_value', variable_key: '${count}' }],
        },
        {
          ...common,
          task_id: 'gate',
          task_name: '',
          task_type: 'process_control',
          task_module: 'ProcessControl',
          method_name: 'process_control',
          method_kwargs: {
            conditions: [
              {
                task_id: 'done',
                expression: 'enough',
                condition: [
                  { condition: '${count}', sign: '>=', target: '${limit}' },
                  { condition: 'add', task_status: 'SUCCESS' },
                ],
              },
              { task_id: 'add', condition: [] },
            ],
          },
        },
        { ...common, task_id: 'done', task_name: '', task_type: 'end', task_module: 'BuiltIn', method_name: 'end', method_kwargs: {} },
      ],
    });
  });

  it('writes the limit that the new format means where it names none', () => {
    const { object } = exportLegacy(written('flow: [{ id: a, uses: math, with: { operation: add, a: 1, b: 1 } }]'));
    expect(object).toMatchObject({
      process_info: { process_config: { timeout: 86_400 } },
      task_nodes: [{}, { task_config: { timeout: 3600 } }],
    });
  });

  it.each<[string, string, string, string]>([
    ['a task type of its own', 'flow: [{ id: a, uses: shell, with: { command: ls } }]', 'flow[0]', 'shell'],
    ['a delay', 'flow: [{ id: a, type: delay, for: 5s }]', 'flow[0]', 'a delay'],
    ['an end that fails', 'flow: [{ id: a, type: end, status: FAILURE }]', 'flow[0]', '`status` of `a`'],
    ['a queue', 'flow: [{ id: a, uses: math, queue: big, with: { operation: add, a: 1, b: 1 } }]', 'flow[0]', '`queue` of `a`'],
    [
      'another repeat',
      'flow: [{ id: a, uses: math, retry: { limit: 1, backoff: exponential }, with: { operation: add, a: 1, b: 1 } }]',
      'flow[0]',
      '`retry` of `a`',
    ],
    [
      'a jump on failure',
      'flow: [{ id: a, uses: math, onError: { goto: b }, with: { operation: add, a: 1, b: 1 } }, { id: b, type: end }]',
      'flow[0]',
      '`onError` of `a`',
    ],
    [
      'a function',
      'variables: [{ name: l, type: list }]\nflow: [{ id: a, type: assign, set: { l: "${{ sort(vars.l) }}" } }]',
      'flow[0]',
      'sort(vars.l)',
    ],
    [
      'an assignment of two',
      'variables: [{ name: x, type: any }, { name: y, type: any }]\nflow: [{ id: a, type: assign, set: { x: 1, y: 2 } }]',
      'flow[0]',
      'several variables',
    ],
    [
      'a duration from an expression',
      'params: [{ name: t, type: integer }]\nflow: [{ id: a, uses: math, timeout: "${{ params.t }}", with: { operation: add, a: 1, b: 1 } }]',
      'flow[0]',
      'duration',
    ],
    [
      'a condition of its own',
      'flow: [{ id: a, type: switch, cases: [{ when: "${{ run.number > 3 }}", next: b }] }, { id: b, type: end }]',
      'flow[0]',
      'run.number',
    ],
    ['outputs', 'outputs: { x: 1 }\nflow: [{ id: b, type: end }]', 'outputs', '`outputs` of the process'],
    [
      'a param with a pattern',
      'params: [{ name: p, type: string, pattern: a+ }]\nflow: [{ id: b, type: end }]',
      'params',
      '`params` of the process',
    ],
    ['a type of its own', 'variables: [{ name: d, type: date }]\nflow: [{ id: b, type: end }]', '', 'not known'],
    [
      'two callbacks',
      'flow: [{ id: a, uses: math, with: { operation: add, a: 1, b: 1 }, callbacks: [{ states: [SKIP], uses: log }, { states: [RETRY], uses: log }] }]',
      'flow[0]',
      'several callbacks',
    ],
    [
      'a callback of its own',
      'flow: [{ id: a, uses: math, with: { operation: add, a: 1, b: 1 }, callbacks: [{ states: [SKIP], uses: log }] }]',
      'flow[0]',
      '`log` in a callback',
    ],
    [
      'two tasks in setup',
      'setup: [{ id: x, uses: math, with: { operation: add, a: 1, b: 1 } }, { id: y, type: end }]\nflow: [{ id: b, type: end }]',
      '',
      '`setup`',
    ],
    [
      'text that would be calculated',
      'variables: [{ name: n, type: integer }]\nflow: [{ id: a, type: assign, set: { n: "${{ vars.n }}-1" } }]',
      'flow[0]',
      '`set` of `a`',
    ],
    [
      'text that would name a variable',
      'variables: [{ name: s, type: string }]\nflow: [{ id: a, type: assign, set: { s: "${HOME}" } }]',
      '',
      'HOME',
    ],
    ['a branch named like a node', 'flow: [{ id: a, type: parallel, branches: { a: [{ id: b, type: end }] } }]', 'flow[0]', '`a`'],
  ])('refuses %s', (_, yaml, path, what) => {
    const { object, problems } = exportLegacy(written(yaml));
    expect(object).toBeUndefined();
    expect(problems.map((problem) => problem.path)).toContain(path);
    expect(problems.map((problem) => problem.message).join('\n')).toContain(what);
  });

  it('is not changed by being written', () => {
    const document = written('flow: [{ id: a, uses: math, with: { operation: add, a: 1, b: 1 } }]');
    const before = structuredClone(document);
    exportLegacy(document);
    expect(document).toEqual(before);
  });

  it('is JSON through and through', () => {
    const { object } = exportLegacy(written('flow: [{ id: a, type: group, flow: [{ id: b, type: end }] }]'));
    expect(parse(JSON.stringify(object)) as Json).toEqual(object);
  });
});
