import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { conformanceProblems, StopOrder, tryTask, type TaskType } from '@orderlines/plugin-sdk';
import { javascriptTask } from './javascript.task.js';

const FIBONACCI = 'const f = (n) => (n < 2 ? n : f(n - 1) + f(n - 2)); return { value: f(args.n) };';

describe('javascript', () => {
  let folder: string;
  let javascript: TaskType;
  const groups = new Set<number>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orderlines-javascript-'));
    const program = join(folder, 'child.mjs');
    // The process may read its own folder only.
    await copyFile('src/javascript/javascript-child.ts', join(folder, 'javascript-child.ts'));
    await writeFile(program, `import { serveJavaScriptCalls } from './javascript-child.ts'; serveJavaScriptCalls();`);
    javascript = javascriptTask({
      childProgram: pathToFileURL(program),
      path: process.env['PATH'] ?? '',
      processGroups: { started: (group) => void groups.add(group), ended: (group) => void groups.delete(group) },
    });
  });
  afterAll(async () => {
    await javascript.close();
    await rm(folder, { recursive: true });
  });

  const run = (code: string, more: Parameters<typeof tryTask>[2] = {}) => tryTask(javascript, { code }, more);

  it('conforms to what every task type keeps', async () => {
    const problems = await conformanceProblems(javascript, [
      {
        title: 'gives the object it returns',
        inputs: { code: FIBONACCI, args: { n: 10 } },
        expect: { status: 'SUCCESS', result: { value: 55 } },
      },
      {
        title: 'gives any other value as value',
        inputs: { code: 'return [1, 2]' },
        expect: { status: 'SUCCESS', result: { value: [1, 2] } },
      },
      { title: 'gives an empty result for nothing', inputs: { code: 'args' }, expect: { status: 'SUCCESS', result: {} } },
      { title: 'logs', inputs: { code: 'console.log("n is", 3, { a: 1 })' }, expect: { status: 'SUCCESS', log: 'n is 3 { a: 1 }' } },
      {
        title: 'fails when it throws',
        inputs: { code: '\nthrow new TypeError("no way")' },
        expect: { status: 'FAILURE', reason: 'user', code: 'javascript.threw', message: 'TypeError: no way' },
      },
      {
        title: 'fails when it cannot be parsed',
        inputs: { code: 'return {' },
        expect: { status: 'FAILURE', reason: 'user', code: 'javascript.threw', message: 'SyntaxError' },
      },
      {
        title: 'fails when the result is no JSON',
        inputs: { code: 'return 10n' },
        expect: { status: 'FAILURE', reason: 'user', message: 'BigInt' },
      },
      {
        title: 'fails when a promise is rejected',
        inputs: { code: 'await Promise.reject(new Error("later"))' },
        expect: { status: 'FAILURE', message: 'later' },
      },
    ]);
    expect(problems).toEqual([]);
  });

  it('sees params and variables and sets variables', async () => {
    const { outcome, setVariables } = await run('setVariable("n", variables.n + 1); return { day: params.day }', {
      params: { day: 'monday' },
      variables: { n: 1 },
    });
    expect(outcome).toEqual({ status: 'SUCCESS', result: { day: 'monday' } });
    expect(setVariables).toEqual({ n: 2 });
  });

  it('starts every call in a fresh context of one warm process', async () => {
    await run('globalThis.left = 1; Array.prototype.left = 2;');
    const before = [...groups];
    const { outcome } = await run('return { left: typeof left, array: [].left ?? null }');
    expect(outcome).toEqual({ status: 'SUCCESS', result: { left: 'undefined', array: null } });
    expect([...groups]).toEqual(before);
  });

  it('cannot reach the modules of Node', async () => {
    const { outcome } = await run('return { require: typeof require, process: typeof process }');
    expect(outcome).toEqual({ status: 'SUCCESS', result: { require: 'undefined', process: 'undefined' } });
  });

  it.each([
    ['start processes', 'getBuiltinModule("child_process").spawn("sleep", ["300"], { detached: true })'],
    ['start threads', 'const { Worker } = getBuiltinModule("worker_threads"); new Worker("", { eval: true })'],
    ['read files', 'getBuiltinModule("fs").readFileSync("/etc/passwd")'],
    ['write files', 'getBuiltinModule("fs").writeFileSync("/tmp/orderlines-never", "")'],
  ])('cannot %s, even when it finds its way out of its context', async (_what, escape) => {
    const { outcome } = await run(`const { getBuiltinModule } = fetch.constructor("return process")(); ${escape}`);
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { message: expect.stringContaining('has been restricted') } });
  });

  it('is killed in an endless loop, and the next call works', async () => {
    const { outcome } = await run('console.log("on"); await 1; for (;;) {}', {
      stopWhen: () => new Promise((resolve) => setTimeout(() => resolve(new StopOrder('timeout.run', 'too long', 10_000)), 500)),
    });
    expect(outcome).toEqual({ status: 'FAILURE', failure: { reason: 'timeout.run', message: 'too long' } });
    expect((await run('return { ok: true }')).outcome).toEqual({ status: 'SUCCESS', result: { ok: true } });
  });

  it('contains code that eats all memory', async () => {
    const { outcome } = await run('const all = []; for (;;) all.push(new Array(1e6).fill(all.length));');
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'user', code: 'javascript.ended' } });
  }, 60_000);

  it('hears nothing of what a call left running', async () => {
    await run('setInterval(() => console.log("late"), 1); setTimeout(() => { throw new Error("later") }, 1);');
    const { log, outcome } = await run('await new Promise((resolve) => setTimeout(resolve, 50)); return {}');
    expect([log, outcome.status]).toEqual([[], 'SUCCESS']);
  });

  it('keeps a bounded number of log lines', async () => {
    const { lineCount } = await run('for (let n = 0; n < 50000; n += 1) console.log(n)');
    expect(lineCount).toBe(10_000);
  });

  it('runs calls at the same time in processes of their own', async () => {
    const calls = await Promise.all(
      [1, 2, 3, 4].map((n) => run(`await new Promise((resolve) => setTimeout(resolve, 100)); return { n: ${n} }`)),
    );
    expect(calls.map(({ outcome }) => outcome)).toEqual([1, 2, 3, 4].map((n) => ({ status: 'SUCCESS', result: { n } })));
  });

  it('ends its processes when the worker closes', async () => {
    await run('return {}');
    expect(groups.size).toBeGreaterThan(0);
    await javascript.close();
    for (let tries = 0; groups.size > 0 && tries < 100; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(groups.size).toBe(0);
  });
});
