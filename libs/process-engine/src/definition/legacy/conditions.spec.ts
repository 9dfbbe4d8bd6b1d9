import { describe, expect, it } from '@jest/globals';
import type { Json } from '@orderlines/contracts';
import { importLegacy } from './import.js';
import { definition, documentOf, end, gateway, node, nodeOf, problemsOf, start, variable } from './testing/definitions.js';

const VARIABLES = [
  variable('n', 'int', 5),
  variable('m', 'float', 2),
  variable('s', 'str', 'text'),
  variable('flag', 'bool', true),
  variable('any', 'None'),
  variable('items', 'list', []),
];

const withItems = (items: Json, pcType: Json = 'result', more: Json[] = []) =>
  definition(
    [
      start('t'),
      node('t', 'g', { task_config: { task_strategy: 'skip' } }),
      gateway('g', [{ task_id: 'e', condition: items }], pcType),
      end('e'),
      ...more,
    ],
    VARIABLES,
  );

function conditionOf(items: Json, pcType: Json = 'result'): string {
  const found = nodeOf(documentOf(withItems(items, pcType)), 'g');
  const when = found.type === 'switch' ? String(found.cases[0]?.when) : '';
  return when.replace(/^\$\{\{ (.*) \}\}$/, '$1');
}

const compared = (condition: Json, sign: Json, target: Json): string => conditionOf([{ condition, sign, target }]);

describe('result gateways of the older format', () => {
  it.each([
    ['=', '=='],
    ['==', '=='],
    ['!=', '!='],
    ['>', '>'],
    ['>=', '>='],
    ['<', '<'],
    ['<=', '<='],
    [' > = ', '>='],
  ])('knows the sign %s', (sign, cel) => expect(compared('${n}', sign, 5)).toBe(`vars.n ${cel} 5`));

  it.each<[Json, string, Json, string, string]>([
    ['${n}', '=', '5', 'vars.n == 5', 'a number and the text of one'],
    ['5', '<', '${n}', '5 < vars.n', 'a variable on the right side'],
    ['${n}', '>', '${m}', 'vars.n > vars.m', 'two numbers'],
    ['${n}+1', '>=', '${m}*2', 'vars.n + 1 >= vars.m * 2', 'arithmetic on both sides'],
    ['${s}', '=', 'text', "vars.s == 'text'", 'two texts'],
    ['${s}', '=', 5, "vars.s == 5 || vars.s == '5'", 'a text that may hold a number'],
    ['${any}', '!=', '5', "vars.any != 5 && vars.any != '5'", 'something that may hold either'],
    ['${s}', '>', 5, 'number(vars.s) > 5', 'an order of numbers'],
    ['${s}', '=', '${n}', 'string(vars.s) == string(vars.n)', 'a text and a number'],
    ['${n}', '>', '${s}', 'number(vars.n) > number(vars.s)', 'an order between them'],
    ['${n}', '=', 'text', "string(vars.n) == 'text'", 'a number is not this text'],
    ['${flag}', '=', 'True', 'vars.flag == true', 'a boolean and the text of one'],
    ['${flag}', '!=', 0, 'vars.flag != false', 'a boolean and its number'],
    ['${s}+_end', '=', 'a_end', "string(vars.s) + '_end' == 'a_end'", 'texts put together'],
    ['${items}', '=', [1, 'a'], "vars.items == [1, 'a']", 'lists'],
    ['${any}', '=', null, 'vars.any == null', 'nothing'],
    ['${s}', '=', "it's", "vars.s == 'it\\'s'", 'quotes'],
    [42, '>=', '40', '42 >= 40', 'constants'],
    ['abc', '=', 'abd', "'abc' == 'abd'", 'constant texts'],
    [true, '=', 'true', "'true' == 'true'", 'constants of different types'],
  ])('compares %j %s %j as %s (%s)', (left, sign, right, cel) => expect(compared(left, sign, right)).toBe(cel));

  it('joins the items of a branch by and', () => {
    const items = [
      { condition: '${s}', sign: '=', target: 1 },
      { condition: '${n}', sign: '<', target: 100 },
    ];
    expect(conditionOf(items)).toBe("(vars.s == 1 || vars.s == '1') && vars.n < 100");
  });

  it('takes a single item that is not in a list, and an item by its keys when no kind is written', () => {
    expect(conditionOf({ condition: '${n}', sign: '=', target: 1 }, null)).toBe('vars.n == 1');
    expect(conditionOf([{ condition: 't', task_status: 'success' }], null)).toBe("tasks.t.status == 'SUCCESS'");
  });
});

describe('status gateways of the older format', () => {
  it.each([
    ['condition', 'SUCCESS', "tasks.t.status == 'SUCCESS'"],
    ['condition_task_id', 'success', "tasks.t.status == 'SUCCESS'"],
    ['condition', 'FAILURE', 'tasks.t.failed'],
    ['condition_task_id', 'failure', 'tasks.t.failed'],
    ['condition', 'Skip', "tasks.t.status == 'SKIP'"],
    ['condition', 'timeout', "tasks.t.failed && tasks.t.error.reason.startsWith('timeout.')"],
  ])('reads %s with the status %s', (key, task_status, cel) => expect(conditionOf([{ [key]: 't', task_status }], 'STATUS')).toBe(cel));

  it('knows that the start node, which is left out, always succeeds', () => {
    expect(conditionOf([{ condition: 'start', task_status: 'SUCCESS' }], 'status')).toBe('true');
    expect(conditionOf([{ condition: 'start', task_status: 'FAILURE' }], 'status')).toBe('false');
  });

  it('warns when a failure of the judged task ends the run before the gateway', () => {
    const judged = [{ task_id: 'e', condition: [{ condition: 't', task_status: 'FAILURE' }] }];
    const object = definition([start('t'), node('t', 'g'), gateway('g', judged, 'status'), end('e')]);
    const path = 'task_nodes[2].method_kwargs.conditions[0].condition[0]';
    expect(problemsOf(importLegacy(object))).toEqual([`warning legacy.failure-ends-the-run ${path}`]);
  });
});

describe('ways out of a gateway of the older format', () => {
  const branches = (conditions: Json, more: Json = {}) =>
    definition([start('g'), { ...gateway('g', conditions), ...(more as object) }, node('a', 'e'), node('b', 'e'), end('e')], VARIABLES);
  const item = { condition: '${n}', sign: '=', target: 1 };

  it('keeps the order, takes the empty list as the way for everything else and warns of what stands behind it', () => {
    const { document, problems } = importLegacy(
      branches([
        { task_id: 'b', condition: [item], expression: 'n is one' },
        { task_id: 'a', condition: [] },
        { task_id: 'e', condition: [item] },
      ]),
    );
    expect(document?.flow[0]).toEqual({
      id: 'g',
      type: 'switch',
      cases: [{ name: 'n is one', when: '${{ vars.n == 1 }}', next: 'b' }],
      default: 'a',
    });
    expect(problems.map(({ code, path }) => [code, path])).toEqual([['legacy.never-taken', 'task_nodes[1].method_kwargs.conditions[2]']]);
  });

  it('ignores the next_id of the gateway itself', () => {
    const { document } = importLegacy(branches([{ task_id: 'a', condition: [item] }], { next_id: 'b' }));
    expect(document?.flow.map(({ id }) => id)).toEqual(['g', 'a', 'e']);
  });

  it('fails when nothing holds, unless the gateway is skipped: then the flow ends', () => {
    const conditions = [{ task_id: 'a', condition: [item] }];
    expect(nodeOf(documentOf(branches(conditions)), 'g')).not.toHaveProperty('default');
    const skipped = documentOf(branches(conditions, { task_config: { task_strategy: 'skip' } }));
    expect(nodeOf(skipped, 'g')).toMatchObject({ default: 'end' });
  });

  it.each<[string, Json, string]>([
    [
      'an unknown sign',
      [{ task_id: 'a', condition: [{ ...item, sign: '~' }] }],
      'unknown-sign task_nodes[1].method_kwargs.conditions[0].condition[0].sign',
    ],
    [
      'no sign',
      [{ task_id: 'a', condition: [{ condition: 1, target: 1 }] }],
      'unknown-sign task_nodes[1].method_kwargs.conditions[0].condition[0].sign',
    ],
    [
      'no right side',
      [{ task_id: 'a', condition: [{ condition: 1, sign: '=' }] }],
      'incomplete-condition task_nodes[1].method_kwargs.conditions[0].condition[0].target',
    ],
    ['an item that is a text', [{ task_id: 'a', condition: ['x'] }], 'shape task_nodes[1].method_kwargs.conditions[0].condition[0]'],
    ['a way that is a text', ['a'], 'shape task_nodes[1].method_kwargs.conditions[0]'],
    ['no target', [{ condition: [] }], 'no-target task_nodes[1].method_kwargs.conditions[0].task_id'],
    ['a target that is not there', [{ task_id: 'x', condition: [] }], 'unknown-id task_nodes[1].method_kwargs.conditions[0].task_id'],
    ['no ways at all', [], 'no-branches task_nodes[1].method_kwargs.conditions'],
  ])('refuses %s', (_, conditions, problem) => expect(problemsOf(importLegacy(branches(conditions)))).toContain(`error legacy.${problem}`));

  it('refuses a kind of gateway, a status and a judged task that it does not know', () => {
    const judged: Json = [
      {
        task_id: 'e',
        condition: [{ condition: 'gone', task_status: 'SUCCESS' }, { condition: 'start', task_status: 'odd' }, { task_status: 'SUCCESS' }],
      },
    ];
    const first = 'task_nodes[1].method_kwargs.conditions[0].condition';
    expect(problemsOf(importLegacy(definition([start('g'), gateway('g', judged, 'status'), end('e')])))).toEqual([
      `error legacy.unknown-id ${first}[0].condition`,
      `error legacy.unknown-id ${first}[2].condition`,
    ]);
    expect(problemsOf(importLegacy(definition([start('g'), gateway('g', [{ task_id: 'e', condition: [] }], 'mood'), end('e')])))).toEqual(
      [],
    );
    const mood = gateway('g', [{ task_id: 'e', condition: [item] }], 'mood');
    expect(problemsOf(importLegacy(definition([start('g'), mood, end('e')], VARIABLES)))).toEqual([
      'error legacy.unknown-gateway task_nodes[1].method_kwargs.pc_type',
    ]);
  });

  it('refuses a status that no task can have', () => {
    const judged = [{ task_id: 'e', condition: [{ condition: 't', task_status: 'odd' }] }];
    expect(problemsOf(importLegacy(definition([start('t'), node('t', 'g'), gateway('g', judged, 'status'), end('e')])))).toEqual([
      'error legacy.unknown-status task_nodes[2].method_kwargs.conditions[0].condition[0].task_status',
    ]);
  });
});
