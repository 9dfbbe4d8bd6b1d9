import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conformanceProblems, tryTask } from '@orderlines/plugin-sdk';
import { scriptTask } from './script.task.js';

const path = process.env['PATH'] ?? '';
const script = scriptTask(path);
const python = [
  'import sys',
  'set_variable("count", get_variable("count") + 1)',
  'set_variable("half", 1.0)',
  'print("count is", get_variable("count"), sys.argv[1:])',
  'open(__import__("os").environ["ORDERLINES_RESULT"], "a").write("lang=python\\n")',
].join('\n');
const node = [
  'set_variable("count", get_variable("count") + 1);',
  'console.log("count is", get_variable("count"), process.argv.slice(2));',
  'require("node:fs").appendFileSync(process.env.ORDERLINES_RESULT, "lang=node\\n");',
].join('\n');

describe('script', () => {
  it('conforms to what every task type keeps', async () => {
    const problems = await conformanceProblems(script, [
      {
        title: 'bash',
        inputs: { language: 'bash', code: 'echo "$1"', args: ['a b'] },
        expect: { status: 'SUCCESS', result: { output: 'a b\n' } },
      },
      {
        title: 'node with import',
        inputs: { language: 'node', code: 'import fs from "node:fs"; console.log(typeof fs.readFileSync)' },
        expect: { status: 'SUCCESS', result: { output: 'function\n' } },
      },
      {
        title: 'node that throws',
        inputs: { language: 'node', code: 'throw new Error("no way")' },
        expect: { status: 'FAILURE', reason: 'user', result: { exitCode: 1 }, log: 'no way' },
      },
      {
        title: 'python that raises',
        inputs: { language: 'python3', code: 'raise ValueError("no way")' },
        expect: { status: 'FAILURE', reason: 'user', result: { exitCode: 1 }, log: 'ValueError: no way' },
      },
      {
        title: 'python that exits',
        inputs: { language: 'python3', code: 'import sys; sys.exit(3)' },
        expect: { status: 'FAILURE', result: { exitCode: 3 } },
      },
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['python3', python, { count: 3, half: 1 }, "count is 3 ['x']\n", 'python'],
    ['node', node, { count: 3 }, "count is 3 [ 'x' ]\n", 'node'],
  ])('gives %s get_variable and set_variable', async (language, code, variables, output, lang) => {
    const { outcome, setVariables } = await tryTask(script, { language, code, args: ['x'] }, { variables: { count: 2 } });
    expect(outcome).toMatchObject({ status: 'SUCCESS', result: { output, lang } });
    expect(setVariables).toEqual(variables);
  });

  it('refuses a value that is no JSON in set_variable', async () => {
    const { outcome, setVariables } = await tryTask(script, { language: 'python3', code: 'set_variable("x", {1, 2})' });
    expect(outcome.status).toBe('FAILURE');
    expect(setVariables).toEqual({});
  });

  it('names an interpreter that is not installed, and how to get it', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'orderlines-no-programs-'));
    const { outcome } = await tryTask(scriptTask(empty), { language: 'python3', code: 'print(1)' }, { path: empty });
    await rm(empty, { recursive: true });
    expect(outcome).toMatchObject({
      status: 'FAILURE',
      failure: {
        reason: 'plugin',
        code: 'interpreter.missing',
        message: expect.stringMatching(/python3 is not installed on this worker: apt-get install python3/),
      },
    });
  });

  it('does not know other languages', async () => {
    const { outcome } = await tryTask(script, { language: 'perl', code: '1' });
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { code: 'inputs.invalid' } });
  });
});
