import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonObject, LogLevel } from '@orderlines/contracts';
import { findProgram } from '../process/find-program.js';
import { ProcessFamily } from '../process/process-family.js';
import { runTask, type TaskOutcome } from '../run-task.js';
import { StopOrder, type TaskContext } from '../task-context.js';
import type { TaskType } from '../task-type.js';

/** How a task is tried out, without a worker. */
export interface TrialOptions {
  readonly params?: JsonObject;
  readonly variables?: JsonObject;
  /** Prepares the work folder. */
  readonly prepare?: (workFolder: string) => Promise<void>;
  /** Looks into the work folder before it is removed. */
  readonly inspect?: (workFolder: string) => Promise<void>;
  /** Called with every log line; the task waits for it. */
  readonly onLog?: (level: LogLevel, text: string) => Promise<void> | void;
  /** Stops the task when this resolves. */
  readonly stopWhen?: (context: TaskContext) => Promise<StopOrder>;
  /** PATH of the worker; absent: that of this process. */
  readonly path?: string;
}

/** What a trial has shown. */
export interface Trial {
  readonly outcome: TaskOutcome;
  /** The newest {@link KEPT_LINES} lines. */
  readonly log: readonly { readonly level: LogLevel; readonly text: string }[];
  readonly lineCount: number;
  readonly setVariables: JsonObject;
  /** Process groups that the task started and did not report as ended. */
  readonly leftGroups: readonly number[];
}

const KEPT_LINES = 1_000;

/** Runs a task once in a throw-away folder, as a worker would: inputs and result checked, hooks called, process groups ended. */
export const tryTask = async (type: TaskType, inputs: unknown, options: TrialOptions = {}): Promise<Trial> => {
  const folder = await mkdtemp(join(tmpdir(), 'orderlines-trial-'));
  const stop = new AbortController();
  const log: { level: LogLevel; text: string }[] = [];
  const setVariables: { [name: string]: Json } = {};
  const groups = new Map<number, string>();
  let lineCount = 0;
  const context: TaskContext = {
    taskInstanceId: randomUUID(),
    attempt: 1,
    node: { id: 'trial', name: 'Trial', path: 'flow.trial', visit: 1 },
    run: { id: randomUUID(), number: 1, process: 'trial', version: 1, namespace: 'default', url: 'http://127.0.0.1/trial' },
    params: options.params ?? {},
    variables: options.variables ?? {},
    workFolder: join(folder, 'work'),
    stateFolder: join(folder, 'state'),
    signal: stop.signal,
    processGroups: { started: (group, mark) => void groups.set(group, mark), ended: (group) => void groups.delete(group) },
    log: async (level, text) => {
      lineCount += 1;
      log.push({ level, text });
      if (log.length > KEPT_LINES) log.shift();
      await options.onLog?.(level, text);
    },
    heartbeat: () => undefined,
    setVariable: (name, value) => void (setVariables[name] = value),
    interpreter: (name) => findProgram(name, options.path ?? process.env['PATH'] ?? ''),
  };
  try {
    await Promise.all([mkdir(context.workFolder), mkdir(context.stateFolder)]);
    await options.prepare?.(context.workFolder);
    void options.stopWhen?.(context).then((order) => stop.abort(order));
    const outcome = await runTask(type, inputs, context);
    await options.inspect?.(context.workFolder);
    return { outcome, log, lineCount, setVariables, leftGroups: [...groups.keys()] };
  } finally {
    for (const [group, mark] of groups) await new ProcessFamily(group, mark).end();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};
