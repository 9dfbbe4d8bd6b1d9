import { InstanceStarted, type DebugAction } from '@orderlines/contracts';
import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import type { CommandLine } from '../command-line.js';
import { refused, type ExitCode } from '../command-error.js';
import { readDebuggerLine } from '../debugger/line.js';
import { act, debugSession } from '../debugger/session.js';
import type { Invocation } from '../invocation.js';
import { facts } from '../output/table.js';
import { readParams } from '../params.js';
import { notice } from '../terminal.js';

interface DebugOptions {
  readonly instance?: string;
  readonly param?: readonly string[];
  readonly params?: string;
  readonly breakpoints?: true;
  readonly detach?: true;
}

/** Words of the debugger that are commands of their own, each with what follows it. */
const SINGLE: readonly (readonly [word: string, rest: string | undefined, summary: string])[] = [
  ['step', undefined, 'run the node and stop before the next one of its flow'],
  ['into', undefined, 'begin the container and stop before the first node inside'],
  ['continue', undefined, 'run on to the next breakpoint'],
  ['inputs', '<json>', 'replace the inputs of the task'],
  ['mock', '<json>', 'take this result instead of running the node'],
  ['vars', '<name=value...>', 'write variables of the run'],
  ['skip', undefined, 'pass the node over'],
  ['rerun', undefined, 'run the node before it once more'],
  ['break', '<node...>', 'set breakpoints of the run'],
  ['clear', '<node...>', 'clear breakpoints of the run'],
  ['stop', undefined, 'stop the run'],
];

/** `debug`: a run that stops for a person, with a prompt or one action at a time. */
export const addDebug = (line: CommandLine): void => {
  const debug = line.root
    .command('debug')
    .summary('debug a process: stop before its nodes')
    .description('Start a run that stops before every node, and say at each stop what to do; `help` lists it. Or do one thing at a stop.')
    .argument('[process]', 'id, namespace/name, namespace/name@version, or the process_id of an imported file')
    .option('--instance <instance>', 'go on with a run that is debugged, instead of starting one')
    .option('--breakpoints', 'stop at breakpoints only')
    .option('--param <name=value>', 'a parameter; may be repeated', (given: string, before: readonly string[] = []) => [...before, given])
    .option('--params <file|json>', 'parameters as a JSON object, or a JSON or YAML file with them')
    .option('--detach', 'start the run and leave it at its first stop')
    .action(line.action(start));
  for (const [word, rest, summary] of SINGLE) addSingle(line, debug, word, rest, summary);
};

const addSingle = (line: CommandLine, debug: Command, word: string, rest: string | undefined, summary: string): void => {
  const command = debug.command(word).summary(summary).description(`At a stop: ${summary}.`).argument('<instance>', 'id of the run');
  if (rest !== undefined) command.argument(rest);
  if (!['vars', 'break', 'clear', 'stop'].includes(word))
    command.option('--task <task>', 'the execution that is stopped, if there are several');
  const work = async (invocation: Invocation, instance: string, ...more: unknown[]): Promise<void> => {
    const { task } = (more.at(-1) ?? {}) as { readonly task?: string };
    const given = rest === undefined ? '' : [more[0]].flat().join(' ');
    const done = await act(await invocation.client(), instance, {
      ...actionOf(word, given),
      ...(task !== undefined && { task }),
    } as DebugAction);
    await invocation.print({ id: instance, ...done }, () => facts({ id: instance, status: done.status }));
  };
  command.action(line.action(work));
};

const actionOf = (word: string, rest: string): DebugAction => {
  const read = readDebuggerLine(`${word} ${rest}`, []);
  if (read.kind === 'action') return read.action;
  throw refused(read.kind === 'mistake' ? read.message : `\`${word}\` is no action`);
};

const start = async (invocation: Invocation, process: string | undefined, options: DebugOptions): Promise<ExitCode | void> => {
  if ((process === undefined) === (options.instance === undefined))
    throw refused('which process?', 'name one: `orderlines debug <process>`, or a run that is debugged: `--instance <id>`');
  const client = await invocation.client();
  if (options.instance !== undefined) return debugSession(invocation, client, options.instance);
  const started = await client.ask(InstanceStarted, {
    method: 'POST',
    path: 'instances',
    headers: { 'idempotency-key': randomUUID() },
    body: {
      process,
      params: await readParams(invocation.terminal, options.params, options.param ?? []),
      origin: 'manual',
      mode: 'debug',
      stops: options.breakpoints ? 'breakpoints' : 'all',
    },
  });
  if (options.detach) return invocation.print(started, () => facts({ id: started.id, number: started.number, status: started.status }));
  notice(invocation.terminal, `run ${started.id}`);
  return debugSession(invocation, client, started.id);
};
