import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLevel } from '@orderlines/contracts';
import type { StopOrder, TaskContext } from '../task-context.js';
import { TaskFailure } from '../task-failure.js';
import { LineSplitter } from './line-splitter.js';
import { OutputTail } from './output-tail.js';
import { COMMAND_MARK, ProcessFamily } from './process-family.js';

/** A program to run for a task. */
export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  /** Absolute path. */
  readonly folder: string;
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface CommandEnd {
  /** 128 + number of the signal when one ended it, as shells count. */
  readonly exitCode: number;
  /** Name of the signal that ended it, e.g. `SIGKILL`. */
  readonly signal?: string;
  /** The last 64 KiB of standard output. */
  readonly output: string;
}

/**
 * Runs a program in a process group of its own, with standard input closed; its output goes to the task's log line by line, as fast as
 * the log takes it. When the program or the task ends, everything it started is killed, also what has left the group (`setsid`, a
 * daemon); an aborted task gets TERM first, and KILL after its grace.
 */
export const runCommand = async (context: TaskContext, command: Command): Promise<CommandEnd> => {
  context.signal.throwIfAborted();
  const mark = randomUUID();
  const child = spawn(command.program, command.arguments, {
    cwd: command.folder,
    env: { ...command.environment, [COMMAND_MARK]: mark },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const family = new ProcessFamily(await startedGroup(child, exited, command), mark);
  context.processGroups.started(family.leader, mark);
  const stopping = stopOnAbort(context.signal, family);
  let isOver = false;
  try {
    const tail = new OutputTail();
    const outputs = Promise.all([
      readLines(context, child.stdout as Readable, () => 'info', tail),
      readLines(context, child.stderr as Readable, stderrLevel),
    ]);
    const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
    await stopping.grace();
    await endFamily(context, family);
    isOver = true;
    await lastOutput(child, outputs);
    return { exitCode: code ?? 128 + signalNumber(signal), ...(signal === null ? {} : { signal }), output: tail.text() };
  } finally {
    stopping.close();
    if (!isOver) await endFamily(context, family);
    context.processGroups.ended(family.leader);
  }
};

const startedGroup = async (child: ChildProcess, exited: Promise<unknown>, command: Command): Promise<number> => {
  exited.catch(() => undefined);
  if (child.pid !== undefined) return child.pid;
  const [error] = (await once(child, 'error').catch((thrown: unknown) => [thrown])) as [NodeJS.ErrnoException];
  throw new TaskFailure('plugin', `${command.program} could not be started in ${command.folder}: ${error.message}`, {
    code: 'command.not-started',
  });
};

/** TERM when the task has to stop, KILL after its grace. */
const stopOnAbort = (signal: AbortSignal, family: ProcessFamily) => {
  const killed = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const kill = () => {
    family.signal('SIGKILL');
    killed.abort();
  };
  const stop = () => {
    family.signal('SIGTERM');
    timer = setTimeout(kill, (signal.reason as StopOrder).graceMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return {
    /** What the program left behind has the rest of the grace to end by itself. */
    grace: () => (signal.aborted ? family.gone(killed.signal) : undefined),
    close: () => {
      signal.removeEventListener('abort', stop);
      clearTimeout(timer);
    },
  };
};

const endFamily = async (context: TaskContext, family: ProcessFamily): Promise<void> => {
  const left = await family.end();
  if (left > 0) void context.log('warn', `${left} processes of the command could not be killed`);
};

const TROUBLE = /\b(error|fatal|exception|traceback|panic)\b/i;
const stderrLevel = (line: string): LogLevel => (TROUBLE.test(line) ? 'error' : 'warn');

const readLines = async (context: TaskContext, stream: Readable, level: (line: string) => LogLevel, tail?: OutputTail): Promise<void> => {
  const splitter = new LineSplitter();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      tail?.push(chunk);
      for (const line of splitter.push(chunk)) await context.log(level(line), line);
    }
  } catch (error) {
    // Destroyed by us, because a process that left the group holds the other end.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  for (const line of splitter.end()) await context.log(level(line), line);
};

/** A process that left the group (a daemon) may hold the pipe open for ever: its output is read only until it pauses. */
const lastOutput = async (child: ChildProcess, outputs: Promise<unknown>): Promise<void> => {
  const streams = [child.stdout, child.stderr] as Readable[];
  let done = false;
  const finished = outputs.finally(() => (done = true));
  for (let idle = 0; !done && idle < IDLE_ROUNDS; idle += 1) {
    await Promise.race([finished, sleep(IDLE_ROUND_MS, undefined, { ref: false })]);
    if (streams.some((stream) => stream.readableLength > 0)) idle = -1;
  }
  for (const stream of streams) stream.destroy();
  await finished;
};

const IDLE_ROUNDS = 5;
const IDLE_ROUND_MS = 100;

const signalNumber = (signal: NodeJS.Signals | null): number => (signal === null ? 0 : constants.signals[signal]);
