import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@orderlines/contracts';
import { fails, succeeds } from '../../run/testing/index.js';
import type { Script } from '../../run/testing/index.js';
import { importLegacy } from './import.js';
import { definition, documentOf, end, gateway, group, node, parallel, problemsOf, single, start, variable } from './testing/definitions.js';
import { runToEnd } from './testing/run.js';

const run = (nodes: Json[], variables: Json[] = [], script: Script = {}) => runToEnd(documentOf(definition(nodes, variables)), script);
const reassign = (variable_key: string, variable_value: Json) => ({
  task_module: 'Variable',
  method_name: 'variable_reassign',
  method_kwargs: { variable_key, variable_value },
});
const decided = (conditions: Json, variables: Json[], pcType = 'result') =>
  run(
    [start('t'), node('t', 'g', { task_config: { task_strategy: 'skip' } }), gateway('g', conditions, pcType), end('yes'), end('no')],
    variables,
  ).outcome.at(-1);

describe('faults of the older runner that an imported process does not have', () => {
  it('E1, E3: a skipped failure is a SKIP, its error is kept, and the very next task runs', () => {
    const done = run([start('a'), node('a', 'b', { task_config: { task_strategy: 'SKIP' } }), node('b', 'c'), node('c', null)], [], {
      a: fails('no disk'),
    });
    expect(done.outcome).toEqual(['a SKIP', 'b SUCCESS', 'c SUCCESS']);
    expect(done.row('a')).toMatchObject({ result: null, failed: true, error: { message: 'no disk' } });
    expect(done.status).toBe('SUCCESS');
  });

  it('E2, E31: a repeat that succeeds goes on to the very next task, after a pause, and its failed attempts are kept', () => {
    const task_config = { task_strategy: 'retry', retry_time: 3, sleep_time: 10 };
    const done = run([start('a'), node('a', 'b', { task_config }), node('b', null)], [], {
      a: [fails(), fails(), succeeds({ add_value: 3 })],
    });
    expect(done.outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
    expect(done.row('a').attempt).toBe(3);
    expect(done.dispatches.filter(({ path }) => path === 'a').map(({ at }) => at)).toEqual([0, 11_000, 22_000]);
  });

  it('calls a task as often in all as retry_time says, then fails with the last error', () => {
    const task_config = { task_strategy: 'retry', retry_time: '2' };
    const done = run([start('a'), node('a', 'b', { task_config }), node('b', null)], [], { a: [fails('first'), fails('second')] });
    expect(done.outcome).toEqual(['a FAILURE']);
    expect(done.row('a')).toMatchObject({ attempt: 2, error: { message: 'second' } });
    expect(done.run.error?.message).toContain('second');
  });

  it.each([
    ['condition', 'SUCCESS', 'yes SUCCESS'],
    ['condition_task_id', 'success', 'yes SUCCESS'],
    ['condition', 'FAILURE', 'no SUCCESS'],
  ])('E4, E5: a gateway by status takes the way of a success (%s, %s)', (key, task_status, expected) => {
    const ways = [
      { task_id: 'yes', condition: [{ [key]: 't', task_status }] },
      { task_id: 'no', condition: [] },
    ];
    expect(decided(ways, [], 'status')).toBe(expected);
  });

  it.each<[Json, string, Json, boolean]>([
    ['${n}', '=', '42', true],
    ['${n}', '=', 42, true],
    ['${s}', '=', 42, true],
    ['${s}', '=', '42', true],
    ['${s}', '!=', 42, false],
    ['${n}', '!=', '41', true],
    ['${s}', '>', 9, true],
    ['${n}', '>', '9', true],
    ['${n}', '=', '${s}', true],
    ['${any}', '=', '42', true],
    ['${any}', '<=', 42, true],
    ['42', '>=', '${n}+1', false],
    ['${s}+_x', '=', '42_x', true],
    ['b', '>', 'a', true],
    ['${flag}', '=', 'true', true],
  ])('E6, E7: %j %s %j is %j, whatever is text or number', (condition, sign, target, holds) => {
    const variables = [
      variable('n', 'int', '42'),
      variable('s', 'str', '42'),
      variable('any', 'None', 42),
      variable('flag', 'bool', 'True'),
    ];
    const ways = [
      { task_id: 'yes', condition: [{ condition, sign, target }] },
      { task_id: 'no', condition: [] },
    ];
    expect(decided(ways, variables)).toBe(holds ? 'yes SUCCESS' : 'no SUCCESS');
  });

  it('E7: a sign that is not known is a problem of the definition, not a silent no', () => {
    const ways = [{ task_id: 'e', condition: [{ condition: 1, sign: '=~', target: 1 }] }];
    expect(problemsOf(importLegacy(definition([start('g'), gateway('g', ways), end('e')])))[0]).toContain('legacy.unknown-sign');
  });

  it('fails a gateway when no way holds, and every item of a way must', () => {
    const both = [
      {
        task_id: 'yes',
        condition: [
          { condition: 1, sign: '=', target: 1 },
          { condition: 1, sign: '=', target: 2 },
        ],
      },
    ];
    const done = run([start('g'), gateway('g', both), end('yes')]);
    expect(done.outcome).toEqual(['g FAILURE']);
    expect(done.status).toBe('FAILURE');
  });

  it('E8, E9, E10: a loop comes back to its gateway, which decides once a visit and sees the new value each time', () => {
    const ways = [
      { task_id: 'e', condition: [{ condition: '${n}', sign: '>=', target: '3' }] },
      { task_id: 'a', condition: [] },
    ];
    const binding = { result_key: 'add_value', variable_key: '${n}' };
    const done = run(
      [start('a'), node('a', 'g', { method_kwargs: { a: '${n}', b: 1 }, result_config: binding }), gateway('g', ways), end('e')],
      [variable('n', 'int', 0)],
    );
    expect(done.outcome).toEqual(['a SUCCESS', 'g SUCCESS', 'a SUCCESS', 'g SUCCESS', 'a SUCCESS', 'g SUCCESS', 'e SUCCESS']);
    expect(done.rows.filter((row) => row.nodeId === 'a').map((row) => row.visit)).toEqual([1, 2, 3]);
    expect(done.run.variables).toEqual({ n: 3 });
  });

  it('ends a loop that no gateway ends', () => {
    const done = runToEnd({ ...documentOf(definition([start('a'), node('a', 'b'), node('b', 'a')])), maxVisits: 3 });
    expect(done.status).toBe('FAILURE');
    expect(done.run.error).toMatchObject({ reason: 'policy' });
  });

  it('E11, E12: first values of every type are there, also lists, maps and false', () => {
    const variables = [
      variable('n', 'int', '5'),
      variable('l', 'list', "[1, 'a']"),
      variable('d', 'dict', '{"k": {"deep": 1}}'),
      variable('f', 'bool', 'False'),
    ];
    const done = run([start('a'), node('a', 'b', reassign('l', ['${l}', '${f}'])), node('b', null, reassign('d', '${d}'))], variables);
    expect(done.run.variables).toEqual({ n: 5, l: [[1, 'a'], false], d: { k: { deep: 1 } }, f: false });
  });

  it.each<[string, Json]>([
    ['${x}+1', 6],
    ['1+${x}', 6],
    ['10-${x}', 5],
    ['${x}/2', 2.5],
    ['${x} + 1 + 2', 8],
    ['${x}+${y}', 7.5],
    ['-${x}-1', -6],
    ['${s}+_end', 'text_end'],
    ['_pre+${s}', '_pretext'],
    ['http://h/${x}/${s}', 'http://h/5/text'],
  ])('E13: %s is %j', (text, value) => {
    const variables = [variable('x', 'int', '5'), variable('y', 'float', 2.5), variable('s', 'str', 'text'), variable('out', 'None')];
    expect(run([start('a'), node('a', null, reassign('out', text))], variables).run.variables.out).toEqual(value);
  });

  it('E14, E15: names are read at any depth, and several results are bound', () => {
    const task = node('a', null, {
      method_kwargs: { a: '${x}', b: 1, more: { list: ['${x}', { deep: '${x}+1' }] } },
      result_config: [
        { result_key: 'one', variable_key: '${x}' },
        { result_key: 'two', variable_key: '${y}' },
      ],
    });
    const done = run([start('a'), task], [variable('x', 'int', 5), variable('y', 'int')], { a: succeeds({ one: 1, two: 2 }) });
    expect(done.row('a').input).toMatchObject({ more: { list: [5, { deep: 6 }] } });
    expect(done.run.variables).toEqual({ x: 1, y: 2 });
  });

  it('E16: time-outs interrupt a task, a lane and the process', () => {
    const late = { after: 10_000_000, result: {} };
    const task = run([start('a'), node('a', null, { task_config: { timeout: 5 } })], [], { a: late });
    expect(task.row('a')).toMatchObject({ status: 'FAILURE', reason: 'timeout.run' });
    const unwritten = run([start('a'), node('a', null)], [], { a: late });
    expect(unwritten.row('a')).toMatchObject({ timeoutMs: 120_000, reason: 'timeout.run' });
    const lanes = run(
      [start('p'), parallel('p', ['a', 'b'], null, { task_config: { timeout: 30 } }), node('a', null), node('b', null)],
      [],
      { a: late },
    );
    expect([lanes.status, lanes.row('p').reason, lanes.row('a').status]).toEqual(['FAILURE', 'timeout.run', 'STOP']);
    const info = { process_config: { timeout: 60, is_send: false } };
    const whole = runToEnd(documentOf(definition([start('a'), node('a', null)], [], info)), { a: late });
    expect([whole.status, whole.run.error?.reason]).toEqual(['FAILURE', 'timeout.run']);
  });

  it('E17: a failed lane fails the parallel node and the process, after the other lanes have ended', () => {
    const done = run(
      [start('p'), parallel('p', ['g1', 'g2'], 'e'), group('g1', ['a']), group('g2', ['b']), node('a', null), node('b', null), end('e')],
      [],
      {
        a: fails('lane one', 'user', { after: 10 }),
        b: succeeds({}, { after: 5_000 }),
      },
    );
    expect(done.outcome).toEqual(['p FAILURE', 'a FAILURE', 'b SUCCESS']);
    expect(done.status).toBe('FAILURE');
  });

  it('E18, E19, E37: lanes found by their links run at once and the definition stays as it was', () => {
    const object = definition([start('p'), parallel('p', ['a', 'b', 'c'], 'e'), node('a', 'b'), node('b', 'e'), node('c', 'e'), end('e')]);
    const before = structuredClone(object);
    const done = runToEnd(documentOf(object));
    expect(object).toEqual(before);
    expect(done.status).toBe('SUCCESS');
    expect(done.dispatches.filter(({ at }) => at === 0).map(({ path }) => path)).toEqual(['p/lane_1/a', 'p/lane_2/c']);
  });

  it('E20, E21: tasks in a group follow their own strategy, and a failure ends the group with the error as its error', () => {
    const own = run(
      [start('g'), group('g', ['a', 'b'], 'e'), node('a', null, { task_config: { task_strategy: 'skip' } }), node('b', null), end('e')],
      [],
      { a: fails() },
    );
    expect(own.outcome).toEqual(['g SUCCESS', 'a SKIP', 'b SUCCESS', 'e SUCCESS']);
    const failed = run([start('g'), group('g', ['a', 'b'], 'e'), node('a', null), node('b', null), end('e')], [], { a: fails('broken') });
    expect(failed.outcome).toEqual(['g FAILURE', 'a FAILURE']);
    expect(failed.row('a')).toMatchObject({ result: null, error: { message: 'broken' } });
  });

  it.each<[string, JsonObject, string]>([
    ['E22: a method that does not exist', { method_name: 'test_nothing' }, 'unknown-module'],
    ['E23: a next_id that leads nowhere', { next_id: 'gone' }, 'unknown-id'],
    ['E23: a strategy that does not exist', { task_config: { task_strategy: 'hope' } }, 'unknown-strategy'],
    ['E23: a callback that does not exist', { task_config: { callback_module: 'Gone' } }, 'unknown-module'],
    ['E23: a count that is no number', { task_config: { task_strategy: 'retry', retry_time: 'x' } }, 'wrong-number'],
  ])('%s is refused before anything runs', (_, task, code) => {
    expect(problemsOf(importLegacy(single(task)))).toEqual(expect.arrayContaining([expect.stringContaining(`error legacy.${code}`)]));
  });

  it('E28: callbacks fire for every state that is named, once, and their failure does not fail the run', () => {
    const told = (states: Json, script: Script, more: object = {}) =>
      run([start('a'), node('a', null, { task_config: { notice_type: states, ...more } })], [], {
        'callback email.send': fails('no server'),
        ...script,
      });
    expect(told('SUCCESS', {}).callbacks).toEqual(['email.send FAILURE']);
    expect(told('SUCCESS', {}).status).toBe('SUCCESS');
    expect(told('FAILURE', { a: fails() }).callbacks).toHaveLength(1);
    expect(told(['SKIP'], { a: fails() }, { task_strategy: 'skip' }).callbacks).toHaveLength(1);
    expect(told('RETRY', { a: [fails(), succeeds()] }, { task_strategy: 'retry' }).callbacks).toHaveLength(1);
    expect(told('FAILURE', { a: { after: 10_000_000 } }).callbacks).toHaveLength(1);
    expect(told('SUCCESS', { a: fails() }).callbacks).toEqual([]);
  });

  it('E36, E39: no variable appears from nowhere, and parameters reach the flow', () => {
    const object = definition([start('a'), node('a', null, { method_kwargs: { a: '${amount}*2', b: 0 } })], [], {
      process_params: { amount: 21 },
    });
    delete (object as { variable?: Json }).variable;
    const document = documentOf(object);
    expect(document.variables).toBeUndefined();
    expect(document.flow[0]).toMatchObject({ with: { a: '${{ params.amount * 2 }}' } });
  });
});
