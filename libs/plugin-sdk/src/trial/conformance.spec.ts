import { spawn } from 'node:child_process';
import { conformanceProblems, defineTask, objectSchema, type TaskDefinition } from '../index.js';

const task = (more: Partial<TaskDefinition<object, object>>) =>
  defineTask<object, object>({
    name: 'sample',
    version: '1.0.0',
    category: 'test',
    icon: 'test',
    order: 1,
    title: { en: 'Sample', zh: '示例' },
    description: { en: 'A sample.', zh: '示例。' },
    help: { en: 'A sample.', zh: '示例。' },
    inputs: objectSchema({}),
    results: { type: 'object' },
    idempotent: true,
    run: async (context) => {
      await context.log('info', 'ran');
      return { deep: { a: 1, b: 2 } };
    },
    ...more,
  });

describe('the conformance kit', () => {
  it('finds nothing to say about a task that does what its author says', async () => {
    const cases = [{ title: 'runs', inputs: {}, expect: { status: 'SUCCESS' as const, result: { deep: { a: 1 } }, log: 'ran' } }];
    expect(await conformanceProblems(task({}), cases)).toEqual([]);
  });

  it('tells what differs', async () => {
    const cases = [
      { title: 'one', inputs: {}, expect: { status: 'SUCCESS' as const, result: { deep: { a: 2 } }, log: 'other' } },
      { title: 'two', inputs: {}, expect: { status: 'FAILURE' as const } },
    ];
    expect(await conformanceProblems(task({}), cases)).toEqual([
      'one: no log line contains "other"',
      'one: the result is {"deep":{"a":1,"b":2}}, not {"deep":{"a":2}}',
      'two: ended SUCCESS, not FAILURE',
    ]);
  });

  it('finds inputs that nobody declared', async () => {
    expect(await conformanceProblems(task({ inputs: { type: 'object' } }), [])).toEqual([
      'inputs that nobody declared are accepted: set additionalProperties to false',
    ]);
  });

  it('finds processes that are left behind', async () => {
    const run: TaskDefinition<object, object>['run'] = (context) => {
      const { pid = 0 } = spawn('sleep', ['100'], { detached: true, stdio: 'ignore' });
      context.processGroups.started(pid, 'mark');
    };
    const problems = await conformanceProblems(task({ run }), [{ title: 'leaks', inputs: {}, expect: { status: 'SUCCESS' } }]);
    expect(problems).toEqual([
      expect.stringMatching(/^leaks: process groups \d+ were left behind$/),
      expect.stringMatching(/^stopped: process groups/),
    ]);
  });
});
