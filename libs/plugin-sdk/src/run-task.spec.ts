import { jest } from '@jest/globals';
import { defineTask, failure, localized, objectSchema, StopOrder, TaskFailure, tryTask, type TaskDefinition } from './index.js';

type Inputs = { n: number };
type Definition = TaskDefinition<Inputs, { value: unknown }>;

const described = {
  name: 'double',
  version: '1.0.0',
  category: 'test',
  icon: 'test',
  order: 1,
  title: { en: 'Double', zh: '加倍' },
  description: { en: 'Doubles.', zh: '加倍。' },
  help: { en: 'Doubles.', zh: '加倍。' },
  inputs: objectSchema({ n: localized({ type: 'number' }, { en: ['n', 'A number.'], zh: ['n', '一个数。'] }) }, ['n']),
  results: objectSchema({ value: { type: 'number' } }, ['value']),
  idempotent: true,
};
const double = (more: Partial<Definition> = {}) =>
  defineTask<Inputs, { value: unknown }>({ ...described, run: (_context, { n }) => ({ value: 2 * n }), ...more });
const outcomeOf = async (more: Partial<Definition>, inputs: unknown = { n: 2 }) => (await tryTask(double(more), inputs)).outcome;

const waitFor = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

describe('a task', () => {
  it('ends with its result', async () => expect(await outcomeOf({})).toEqual({ status: 'SUCCESS', result: { value: 4 } }));

  it('is not run with inputs that do not fit its schema', async () => {
    const run = jest.fn(() => ({ value: 1 }));
    expect(await outcomeOf({ run }, { n: 'two', m: 1 })).toMatchObject({
      status: 'FAILURE',
      failure: { reason: 'user', code: 'inputs.invalid', message: expect.stringContaining('/n'), detail: expect.any(Array) },
    });
    expect(run).not.toHaveBeenCalled();
  });

  it.each([
    ['returns', () => failure('user', 'no', { code: 'own', detail: { a: 1 }, result: { value: 1 } })],
    [
      'throws',
      () => {
        throw new TaskFailure('user', 'no', { code: 'own', detail: { a: 1 }, result: { value: 1 } });
      },
    ],
  ])('%s a failure of its own', async (_how, run) => {
    expect(await outcomeOf({ run })).toEqual({
      status: 'FAILURE',
      failure: { reason: 'user', message: 'no', code: 'own', detail: { a: 1 } },
      result: { value: 1 },
    });
  });

  it('that throws anything else is a fault of its type, with the stack', async () => {
    const run = () => {
      throw new RangeError('out of range');
    };
    expect(await outcomeOf({ run })).toMatchObject({
      failure: { reason: 'plugin', code: 'task.threw', message: 'out of range', detail: { stack: expect.stringContaining('RangeError') } },
    });
  });

  it.each([
    ['breaks its schema', () => ({ value: 'four' }), 'result.schema', { value: 'four' }],
    ['is too deep', () => ({ value: JSON.parse('['.repeat(100) + ']'.repeat(100)) as unknown }), 'result.too-deep', undefined],
    ['is no JSON', () => ({ value: 4n }), 'result.not-json', undefined],
  ])('fails when its result %s', async (_what, run, code, result) => {
    const outcome = await outcomeOf({ run });
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'plugin', code } });
    expect('result' in outcome ? outcome.result : undefined).toEqual(result);
  });

  it('has its result cleaned', async () => {
    const results = objectSchema({ value: {} });
    expect(await outcomeOf({ results, run: () => ({ value: ['a\u0000', '\ud83d', Number.NaN, new Date(0)] }) })).toEqual({
      status: 'SUCCESS',
      result: { value: ['a\ufffd', '\ufffd', null, '1970-01-01T00:00:00.000Z'] },
    });
  });

  it('keeps the head of a result that is too large', async () => {
    expect(await outcomeOf({ run: () => ({ value: 'x'.repeat(65 * 1024 * 1024) }) })).toMatchObject({
      failure: { code: 'result.too-large', message: 'The result is 65 MiB long; at most 64 MiB are kept' },
      result: { head: expect.stringMatching(/^\{"value":"xxx/) },
    });
  });

  describe('with hooks', () => {
    it('runs with the inputs that before gives, checked again', async () => {
      expect(await outcomeOf({ before: (_context, { n }) => ({ n: n + 1 }) })).toMatchObject({ result: { value: 6 } });
      expect(await outcomeOf({ before: () => ({ n: 'x' }) as never })).toMatchObject({ failure: { code: 'inputs.invalid' } });
    });

    it('ends with the result that after gives, or with its failure', async () => {
      expect(await outcomeOf({ after: (_context, _inputs, { value }) => ({ value: (value as number) + 1 }) })).toMatchObject({
        result: { value: 5 },
      });
      expect(await outcomeOf({ after: () => undefined })).toMatchObject({ result: { value: 4 } });
      expect(await outcomeOf({ after: () => failure('user', 'not good enough') })).toMatchObject({
        failure: { message: 'not good enough' },
      });
    });

    it('ends with the error that onError gives, keeping the result', async () => {
      const run = () => failure('user', 'first', { result: { value: 1 } });
      const onError = (_context: unknown, _inputs: unknown, error: TaskFailure) =>
        failure('plugin', `replaced ${error.message}`, { code: 'other' });
      expect(await outcomeOf({ run, onError })).toEqual({
        status: 'FAILURE',
        failure: { reason: 'plugin', message: 'replaced first', code: 'other' },
        result: { value: 1 },
      });
    });

    it('keeps its own error when onError itself fails', async () => {
      const onError = () => {
        throw new Error('hook');
      };
      const { outcome, log } = await tryTask(double({ run: () => failure('user', 'first'), onError }), { n: 1 });
      expect(outcome).toMatchObject({ failure: { message: 'first' } });
      expect(log).toEqual([{ level: 'warn', text: 'The onError hook failed: hook' }]);
    });
  });

  describe('that has to stop', () => {
    const forever: Definition['run'] = (context) =>
      new Promise((resolve) => context.signal.addEventListener('abort', () => resolve({ value: 1 }), { once: true }));
    const stopped = (order: StopOrder, { run = forever, ...more }: Partial<Definition> = {}) => {
      let begun = () => undefined as void;
      const running = new Promise<void>((resolve) => (begun = resolve));
      const type = double({
        ...more,
        run: (context, inputs) => {
          begun();
          return run(context, inputs);
        },
      });
      return tryTask(type, { n: 1 }, { stopWhen: () => running.then(() => order) });
    };

    it('before it has begun is not begun', async () => {
      const run = jest.fn();
      const order = new StopOrder('stopped', 'why', 1_000);
      const { outcome } = await tryTask(
        double({ run: run as never, before: (context) => waitFor(context.signal) }),
        { n: 1 },
        { stopWhen: () => Promise.resolve(order) },
      );
      expect(outcome).toEqual({ status: 'STOP' });
      expect(run).not.toHaveBeenCalled();
    });

    it.each([
      ['stopped', { status: 'STOP', result: { value: 1 } }],
      ['timeout.run', { status: 'FAILURE', failure: { reason: 'timeout.run', message: 'why' }, result: { value: 1 } }],
      ['infra', { status: 'FAILURE', failure: { reason: 'infra', message: 'why' }, result: { value: 1 } }],
    ] as const)('because of %s says so and keeps what it had', async (reason, expected) => {
      expect((await stopped(new StopOrder(reason, 'why', 1_000))).outcome).toEqual(expected);
    });

    it('has its cancel called once, and no error hook', async () => {
      const [cancel, onError] = [jest.fn(), jest.fn()];
      await stopped(new StopOrder('stopped', 'why', 1_000), { cancel: cancel as never, onError: onError as never });
      expect(cancel).toHaveBeenCalledTimes(1);
      expect(onError).not.toHaveBeenCalled();
    });

    it('is given up when it does not listen', async () => {
      const { outcome, log } = await stopped(new StopOrder('stopped', 'why', 0), { run: () => new Promise(() => undefined) });
      expect(outcome).toEqual({ status: 'STOP' });
      expect(log[0]?.text).toContain('given up');
    }, 20_000);
  });
});

describe('defineTask', () => {
  it('tells the manifest', () => {
    expect(double({ cancel: () => undefined, before: () => undefined }).manifest).toEqual({
      ...described,
      cancel: true,
      hooks: ['before'],
      wantsVariables: false,
    });
  });

  it.each([
    ['a language is missing', { title: { en: 'Double', zh: '' } }, /title\.zh/],
    ['the version is none', { version: '1' }, /version/],
    ['an input has no Chinese text', { inputs: objectSchema({ n: { title: 'n', description: 'A number' } }) }, /The input "n".*Chinese/],
    ['results are no object', { results: { type: 'string' } }, /results of type "object"/],
    ['a key is unknown', { colour: 'red' }, /colour/],
  ])('throws when %s', (_what, more, message) => {
    expect(() => double(more as Partial<Definition>)).toThrow(message);
  });
});
