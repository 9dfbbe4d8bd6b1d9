import { InstanceStarted, OperationDone } from '@orderlines/contracts';
import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { refused, type ExitCode } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { facts } from '../output/table.js';
import { waitForEnd } from '../run-progress.js';
import { runPath } from '../server/client.js';

interface OperateOptions {
  readonly processInstanceId?: string;
  readonly force?: true;
  readonly processVersion?: 'same' | 'latest';
  readonly from?: string;
  readonly wait?: true;
  readonly stopSchedule?: true;
  readonly recoverSchedule?: true;
}

/** `stop-process`, `paused-process`, `recover-process` and `restart-process`: operations on a run. */
export const addOperations = (line: CommandLine): void => {
  const operation = (name: string, summary: string, description: string) =>
    line.root
      .command(name)
      .summary(summary)
      .description(description)
      .argument('[instance]', 'id of the run')
      .option('--process-instance-id <instance>', 'the same as the argument (also -ps_id, --process_instance_id)');
  operation('stop-process', 'stop a run', 'Stop a run: what runs is cancelled, then its teardown runs. The run ends as STOP.')
    .alias('stop')
    .option('--force', 'kill what runs, leave the teardown out')
    .option('--wait', 'wait for the end; exit code 0 when it was stopped')
    .option('--stop-schedule', 'pause the schedule that started it, too, or else all of its process (also --stop_schedule)')
    .action(
      line.action((invocation, argument: string | undefined, options: OperateOptions) => operate(invocation, 'stop', argument, options)),
    );
  operation('paused-process', 'pause a run', 'Pause a run: what runs ends, and nothing new starts.')
    .option('--stop-schedule', 'pause the schedule that started it, too, or else all of its process (also --stop_schedule)')
    .action(
      line.action((invocation, argument: string | undefined, options: OperateOptions) => operate(invocation, 'pause', argument, options)),
    );
  operation('recover-process', 'resume a paused run', 'Resume a paused run.')
    .option('--wait', 'wait for the end; exit code 0 for SUCCESS, 1 otherwise')
    .option('--recover-schedule', 'resume what --stop-schedule paused (also --recover_schedule)')
    .action(
      line.action((invocation, argument: string | undefined, options: OperateOptions) => operate(invocation, 'resume', argument, options)),
    );
  operation('restart-process', 'run it again', 'Make a new run with the inputs of an old one.')
    .addOption(new Option('--process-version <which>', 'the version to run').choices(['same', 'latest']).default('same'))
    .option('--wait', 'wait for the end; exit code 0 for SUCCESS, 1 otherwise')
    .action(line.action(restart));
  operation(
    'rerun',
    'run it again from a node',
    'Make a new run of one that has ended, which begins at a node; what came before is taken over.',
  )
    .requiredOption('--from <node>', 'the node to begin at')
    .addOption(new Option('--process-version <which>', 'the version to run').choices(['same', 'latest']).default('same'))
    .option('--wait', 'wait for the end; exit code 0 for SUCCESS, 1 otherwise')
    .action(line.action(restart));
};

const operate = async (
  invocation: Invocation,
  operation: 'stop' | 'pause' | 'resume',
  argument: string | undefined,
  options: OperateOptions,
): Promise<ExitCode | void> => {
  const instance = oneInstance(argument, options);
  const client = await invocation.client();
  const done = await client.ask(OperationDone, {
    method: 'POST',
    path: `${runPath(instance)}/${operation}`,
    headers: { 'idempotency-key': randomUUID() },
    body: bodyOf(operation, options),
  });
  if (options.wait) return waitForEnd(invocation, client, instance, operation === 'stop' ? 'STOP' : 'SUCCESS');
  await invocation.print({ id: instance, ...done }, () =>
    facts({
      id: instance,
      status: done.status,
      'still running': done.runningTasks.join(', '),
      schedules: (done.schedules ?? []).join(', '),
    }),
  );
};

const bodyOf = (operation: 'stop' | 'pause' | 'resume', { force, stopSchedule, recoverSchedule }: OperateOptions): object => {
  if (operation === 'resume') return recoverSchedule ? { recoverSchedule } : {};
  return { ...(operation === 'stop' && { force: force ?? false }), ...(stopSchedule && { stopSchedule }) };
};

const restart = async (invocation: Invocation, argument: string | undefined, options: OperateOptions): Promise<ExitCode | void> => {
  const client = await invocation.client();
  const started = await client.ask(InstanceStarted, {
    method: 'POST',
    path: `${runPath(oneInstance(argument, options))}/${options.from === undefined ? 'restart' : 'rerun'}`,
    headers: { 'idempotency-key': randomUUID() },
    body: { version: options.processVersion, ...(options.from !== undefined && { from: options.from }) },
  });
  if (options.wait) return waitForEnd(invocation, client, started.id);
  await invocation.print(started, () => facts({ id: started.id, number: started.number, status: started.status }));
};

const oneInstance = (argument: string | undefined, { processInstanceId }: OperateOptions): string => {
  const instance = argument ?? processInstanceId;
  if (instance && (!argument || !processInstanceId)) return instance;
  throw refused(instance ? 'two runs are named' : 'which run?', 'name it once: `-ps_id <instance>`; `orderlines get instances` lists them');
};
