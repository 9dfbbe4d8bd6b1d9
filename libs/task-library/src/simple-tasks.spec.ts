import { conformanceProblems, tryTask } from '@orderlines/plugin-sdk';
import { failTask } from './fail/fail.task.js';
import { logTask } from './log/log.task.js';
import { mathTask } from './math/math.task.js';
import { sleepTask } from './sleep/sleep.task.js';

describe('log', () => {
  it('conforms', async () => {
    const problems = await conformanceProblems(logTask(), [
      { title: 'writes text', inputs: { message: 'hello', level: 'warn' }, expect: { status: 'SUCCESS', result: {}, log: 'hello' } },
      { title: 'writes values as JSON', inputs: { message: { a: [1] } }, expect: { status: 'SUCCESS', log: '{"a":[1]}' } },
      { title: 'wants a message', inputs: {}, expect: { status: 'FAILURE', reason: 'user', code: 'inputs.invalid', message: 'message' } },
    ]);
    expect(problems).toEqual([]);
  });
});

describe('fail', () => {
  it('conforms', async () => {
    const problems = await conformanceProblems(failTask(), [
      {
        title: 'fails with its message',
        inputs: { message: 'not today', code: 'shop.closed' },
        expect: { status: 'FAILURE', reason: 'user', code: 'shop.closed', message: 'not today' },
      },
      { title: 'fails without one', inputs: {}, expect: { status: 'FAILURE', message: 'Failed on purpose' } },
    ]);
    expect(problems).toEqual([]);
  });
});

describe('sleep', () => {
  it('conforms', async () => {
    const problems = await conformanceProblems(sleepTask(), [
      { title: 'takes durations', inputs: { for: '20ms' }, expect: { status: 'SUCCESS', result: { sleptMs: 20 } } },
      { title: 'takes seconds', inputs: { for: 0.01 }, expect: { status: 'SUCCESS', result: { sleptMs: 10 } } },
      { title: 'takes fractions', inputs: { for: '0.0005m' }, expect: { status: 'SUCCESS', result: { sleptMs: 30 } } },
      { title: 'refuses other text', inputs: { for: 'a while' }, expect: { status: 'FAILURE', code: 'inputs.invalid' } },
    ]);
    expect(problems).toEqual([]);
  });
});

describe('math', () => {
  it.each([
    ['add', { add_value: 9 }],
    ['subtract', { subtraction_value: 5 }],
    ['multiply', { multi_value: 14 }],
  ])('%s gives the key of the older module', async (operation, expected) => {
    const { outcome } = await tryTask(mathTask(), { operation, a: 7, b: 2 });
    expect(outcome).toEqual({ status: 'SUCCESS', result: expected });
  });

  it('conforms', async () => {
    expect(
      await conformanceProblems(mathTask(), [
        { title: 'wants numbers', inputs: { operation: 'add', a: '7', b: 2 }, expect: { status: 'FAILURE', code: 'inputs.invalid' } },
      ]),
    ).toEqual([]);
  });
});
