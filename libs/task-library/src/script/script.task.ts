import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineTask, localized, objectSchema, type TaskContext } from '@orderlines/plugin-sdk';
import { commandInputs, commandResults } from '../command/command-inputs.js';
import { runTaskCommand, type CommandInputs } from '../command/run-task-command.js';
import { NODE_PRELUDE, PYTHON_PRELUDE } from './preludes.js';

type Language = 'bash' | 'node' | 'python3';

/** `script`: runs code by bash, Node or Python 3. */
export const scriptTask = (workerPath: string) =>
  defineTask<CommandInputs & { language: Language; code: string; args?: string[] }>({
    name: 'script',
    version: '1.0.0',
    category: 'script',
    icon: 'code',
    order: 20,
    title: { en: 'Script', zh: '脚本' },
    description: { en: 'Runs a script in bash, Node or Python 3.', zh: '运行 bash、Node 或 Python 3 脚本。' },
    help: {
      en: [
        'Node and Python scripts have `get_variable(key)` and `set_variable(key, value)`. Results, variables and exit code work as in `shell`.',
        '```yaml\n- id: count\n  uses: script\n  with:\n    language: python3\n    code: |\n      set_variable("rows", get_variable("rows") + 1)\n```',
      ].join('\n\n'),
      zh: [
        'Node 和 Python 脚本可使用 `get_variable(key)` 与 `set_variable(key, value)`。结果、变量和退出码与 `shell` 相同。',
        '```yaml\n- id: count\n  uses: script\n  with:\n    language: python3\n    code: |\n      set_variable("rows", get_variable("rows") + 1)\n```',
      ].join('\n\n'),
    },
    inputs: objectSchema(
      {
        language: localized(
          { enum: ['bash', 'node', 'python3'] satisfies Language[] },
          { en: ['Language', 'The interpreter; it must be installed on the worker.'], zh: ['语言', '解释器，必须已安装在工作节点上。'] },
        ),
        code: localized({ type: 'string', minLength: 1, 'x-editor': 'code' }, { en: ['Code', 'The script.'], zh: ['代码', '脚本内容。'] }),
        args: localized(
          { type: 'array', items: { type: 'string' }, maxItems: 100 },
          { en: ['Arguments', 'Arguments of the script.'], zh: ['参数', '脚本的命令行参数。'] },
        ),
        ...commandInputs,
      },
      ['language', 'code'],
    ),
    results: commandResults,
    idempotent: false,
    wantsVariables: true,
    run: async (context, inputs) => {
      const program = await PROGRAMS[inputs.language](context, inputs.code);
      return runTaskCommand(context, inputs, workerPath, [...program, ...(inputs.args ?? [])]);
    },
  });

type Program = [path: string, ...parameters: string[]];

/** Lays the script into the state folder and says how to run it. */
const PROGRAMS: Readonly<Record<Language, (context: TaskContext, code: string) => Promise<Program>>> = {
  bash: async (context, code) => [await context.interpreter('bash'), await lay(context, 'script.sh', code)],
  node: async (context, code) => {
    const node = await context.interpreter('node');
    const prelude = await lay(context, 'prelude.cjs', NODE_PRELUDE);
    // Without a package.json of its own the script would be read as the nearest one above says; with it, Node looks at the code.
    await lay(context, 'package.json', '{}');
    return [node, '--require', prelude, await lay(context, 'script.js', code)];
  },
  python3: async (context, code) => {
    const python = await context.interpreter('python3');
    // -u: lines appear in the log when they are printed.
    return [python, '-u', await lay(context, 'prelude.py', PYTHON_PRELUDE), await lay(context, 'script.py', code)];
  },
};

const lay = async (context: TaskContext, name: string, text: string): Promise<string> => {
  const file = join(context.stateFolder, name);
  await writeFile(file, text);
  return file;
};
