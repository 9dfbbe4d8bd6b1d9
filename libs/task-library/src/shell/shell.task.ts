import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineTask, localized, objectSchema, type TaskContext } from '@orderlines/plugin-sdk';
import { commandInputs, commandResults } from '../command/command-inputs.js';
import { runTaskCommand, type CommandInputs } from '../command/run-task-command.js';

/** `shell`: runs commands by bash, or by sh where there is no bash. */
export const shellTask = (workerPath: string) =>
  defineTask<CommandInputs & { command: string }>({
    name: 'shell',
    version: '1.0.0',
    category: 'script',
    icon: 'console-sql',
    order: 10,
    title: { en: 'Shell', zh: 'Shell 命令' },
    description: { en: 'Runs shell commands.', zh: '运行 shell 命令。' },
    help: {
      en: [
        'Runs by bash, or by sh where there is no bash. An exit code other than 0 fails the task.',
        'Lines `key=value` (or one JSON object) in `$ORDERLINES_RESULT` become the result, lines `name=value` in `$ORDERLINES_VARIABLES` set process variables, `$ORDERLINES_INPUT` is a JSON file with `params` and `variables`.',
        'Everything the commands start ends with the task, also in the background. What has to live on is started with `env -u ORDERLINES_COMMAND setsid …`.',
        '```yaml\n- id: pack\n  uses: shell\n  with:\n    cwd: web\n    env: { VERSION: "${{ params.version }}" }\n    command: |\n      make dist\n      echo "sha256=$(sha256sum dist.tgz | cut -d" " -f1)" >> "$ORDERLINES_RESULT"\n```',
      ].join('\n\n'),
      zh: [
        '使用 bash 运行，没有 bash 时使用 sh。退出码不为 0 时任务失败。',
        '写入 `$ORDERLINES_RESULT` 的 `key=value` 行（或一个 JSON 对象）成为结果；写入 `$ORDERLINES_VARIABLES` 的 `name=value` 行设置流程变量；`$ORDERLINES_INPUT` 是包含 `params` 和 `variables` 的 JSON 文件。',
        '命令启动的所有进程（包括后台进程）都随任务一起结束。需要继续运行的进程请用 `env -u ORDERLINES_COMMAND setsid …` 启动。',
        '```yaml\n- { id: build, uses: shell, with: { command: make, cwd: web } }\n```',
      ].join('\n\n'),
    },
    inputs: objectSchema(
      {
        command: localized(
          { type: 'string', minLength: 1, 'x-editor': 'shell' },
          { en: ['Command', 'Commands, one or many lines.'], zh: ['命令', '一行或多行命令。'] },
        ),
        ...commandInputs,
      },
      ['command'],
    ),
    results: commandResults,
    idempotent: false,
    wantsVariables: true,
    run: async (context, inputs) => {
      const file = join(context.stateFolder, 'command.sh');
      await writeFile(file, inputs.command);
      return runTaskCommand(context, inputs, workerPath, [await shellProgram(context), file]);
    },
  });

const shellProgram = (context: TaskContext): Promise<string> => context.interpreter('bash').catch(() => context.interpreter('sh'));
