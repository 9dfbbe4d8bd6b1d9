import { stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JsonObject } from '@orderlines/contracts';
import { runCommand, TaskFailure, type CommandEnd, type TaskContext } from '@orderlines/plugin-sdk';
import { readWritten, type Written } from './key-value-file.js';
import { taskEnvironment, taskFiles } from './task-environment.js';

/** Inputs that `shell` and `script` share. */
export interface CommandInputs {
  /** Folder to run in, relative to the work folder. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, unknown>>;
}

/** Runs a program for `shell` or `script`: input file and clean environment before, result and variables files after. */
export const runTaskCommand = async (
  context: TaskContext,
  inputs: CommandInputs,
  workerPath: string,
  program: readonly [path: string, ...parameters: string[]],
): Promise<JsonObject> => {
  const folder = await existingFolder(context.workFolder, inputs.cwd);
  const files = taskFiles(context.stateFolder);
  await Promise.all([
    writeFile(files.input, JSON.stringify({ params: context.params, variables: context.variables })),
    writeFile(files.result, ''),
    writeFile(files.variables, ''),
  ]);
  const [path, ...parameters] = program;
  const environment = taskEnvironment(context, workerPath, inputs.env);
  const end = await runCommand(context, { program: path, arguments: parameters, folder, environment });
  const [result, variables] = await Promise.all([
    readWritten(files.result, 'The file $ORDERLINES_RESULT'),
    readWritten(files.variables, 'The file $ORDERLINES_VARIABLES'),
  ]);
  await setVariables(context, variables);
  return resultOf(context, end, result, variables);
};

const existingFolder = async (workFolder: string, cwd = '.'): Promise<string> => {
  const folder = resolve(workFolder, cwd);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return folder;
  throw new TaskFailure('user', `The folder ${cwd} does not exist${cwd.startsWith('/') ? '' : ' in the work folder'}`, {
    code: 'cwd.missing',
  });
};

const setVariables = async (context: TaskContext, written: Written): Promise<void> => {
  if (written instanceof TaskFailure) return;
  for (const [name, value] of Object.entries(written.values)) context.setVariable(name, value);
  for (const line of written.strangeLines) await context.log('warn', `$ORDERLINES_VARIABLES: not a line name=value: ${line}`);
};

const resultOf = async (context: TaskContext, end: CommandEnd, written: Written, variables: Written): Promise<JsonObject> => {
  const base = { exitCode: end.exitCode, output: end.output };
  const result = written instanceof TaskFailure ? { ...base, ...written.result } : { ...base, ...written.values, exitCode: end.exitCode };
  if (!(written instanceof TaskFailure)) {
    for (const line of written.strangeLines) await context.log('warn', `$ORDERLINES_RESULT: not a line key=value: ${line}`);
  }
  if (end.exitCode !== 0) throw new TaskFailure('user', exitMessage(end), { code: 'command.exit', detail: exitDetail(end), result });
  for (const broken of [written, variables]) {
    if (broken instanceof TaskFailure) throw new TaskFailure(broken.reason, broken.message, { ...pick(broken), result });
  }
  return result;
};

const pick = ({ code, detail }: TaskFailure) => ({ ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) });

const exitDetail = ({ exitCode, signal }: CommandEnd): JsonObject => (signal === undefined ? { exitCode } : { exitCode, signal });

const exitMessage = ({ exitCode, signal, output }: CommandEnd): string => {
  const how = signal === undefined ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
  const last = output.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
  return last === '' ? `The command ${how}` : `The command ${how}; its last line: ${last}`;
};
