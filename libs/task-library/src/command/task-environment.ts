import { join } from 'node:path';
import type { TaskContext } from '@orderlines/plugin-sdk';

/** Files through which a program and the worker talk, in the state folder. */
export const taskFiles = (stateFolder: string) => ({
  input: join(stateFolder, 'input.json'),
  result: join(stateFolder, 'result'),
  variables: join(stateFolder, 'variables'),
});

/** The clean environment of a task's program: nothing of the worker's own settings is in it. */
export const taskEnvironment = (
  context: TaskContext,
  workerPath: string,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, string> => {
  const files = taskFiles(context.stateFolder);
  return {
    PATH: workerPath,
    HOME: context.workFolder,
    LANG: 'C.UTF-8',
    ORDERLINES_INPUT: files.input,
    ORDERLINES_RESULT: files.result,
    ORDERLINES_VARIABLES: files.variables,
    ORDERLINES_INSTANCE: context.run.id,
    ORDERLINES_TASK: context.taskInstanceId,
    ORDERLINES_ATTEMPT: String(context.attempt),
    ORDERLINES_NODE: context.node.id,
    ORDERLINES_PROCESS: `${context.run.namespace}/${context.run.process}`,
    ORDERLINES_RUN_URL: context.run.url,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])),
  };
};
