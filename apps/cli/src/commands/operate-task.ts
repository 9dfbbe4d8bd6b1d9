import { InstanceDetail, OperationDone, type TaskView } from '@orderlines/contracts';
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { CommandLine } from '../command-line.js';
import { refused, type ExitCode } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { facts } from '../output/table.js';
import { readParams } from '../params.js';
import { waitForEnd } from '../run-progress.js';
import { type ApiClient, runPath, segment } from '../server/client.js';

interface TaskOptions {
  readonly input?: string;
  readonly result?: string;
  readonly message?: string;
  readonly attempt?: string;
  readonly wait?: true;
}

/** `retry`, `skip`, `fail`, `succeed`, `stop-task`, `choose` and `raise`: operations on one node of a run. */
export const addTaskOperations = (line: CommandLine): void => {
  const operation = (name: string, summary: string, description: string): Command =>
    line.root
      .command(name)
      .summary(summary)
      .description(description)
      .argument('<instance>', 'id of the run')
      .argument('<node>', 'id or path of the node, or the id of one execution of it')
      .option('--attempt <number>', 'only if this attempt is the current one')
      .option('--wait', 'wait for the end of the run; exit code 0 for SUCCESS, 1 otherwise');
  const act = (route: string, body: (invocation: Invocation, options: TaskOptions) => Promise<object> | object = () => ({})) =>
    line.action(async (invocation, instance: string, node: string, options: TaskOptions) =>
      operate(invocation, route, instance, node, options, await body(invocation, options)),
    );
  operation('retry', 'repeat a failed node', 'Repeat a failed node in place, at once. A run that it had failed is opened again.')
    .option('--input <file|json>', 'arguments instead of those of the definition')
    .action(act('retry', async ({ terminal }, { input }) => (input === undefined ? {} : { input: await readParams(terminal, input, []) })));
  operation('skip', 'pass over a node', 'Pass over a node that waits or has failed; the flow goes on.').action(act('skip'));
  operation('fail', 'let a node fail', 'Fail a node that has not ended; it is not repeated, its onError decides.')
    .option('--message <text>', 'why')
    .action(act('fail', (_invocation, { message }) => ({ ...(message !== undefined && { message }) })));
  operation('succeed', 'take a node as done', 'Take a node as done, with the result you give.')
    .option('--result <file|json>', 'its result')
    .action(
      act('succeed', async ({ terminal }, { result }) => ({ result: result === undefined ? {} : await readParams(terminal, result, []) })),
    );
  operation('stop-task', 'stop one node', 'Stop one node: its worker is told, then its flow ends with STOP.').action(act('stop'));
  operation('raise', 'let a held node fail', 'Let a failed node that is held fail its flow.').action(act('raise'));
  addChoose(line);
  addSetVariable(line);
};

const addChoose = (line: CommandLine): void => {
  line.root
    .command('choose')
    .summary('choose the way of a switch')
    .description('Send a switch that could not decide the way of one of its cases.')
    .argument('<instance>', 'id of the run')
    .argument('<node>', 'id or path of the switch')
    .argument('<case>', 'name or number of the case, or default')
    .option('--attempt <number>', 'only if this attempt is the current one')
    .option('--wait', 'wait for the end of the run; exit code 0 for SUCCESS, 1 otherwise')
    .action(
      line.action((invocation, instance: string, node: string, wanted: string, options: TaskOptions) =>
        operate(invocation, 'choose', instance, node, options, { case: wanted }),
      ),
    );
};

const addSetVariable = (line: CommandLine): void => {
  line.root
    .command('set-variable')
    .summary('set variables of a paused run')
    .description('Set variables of a paused run, all or none. Values are text; the server converts them to the declared types.')
    .argument('<instance>', 'id of the run')
    .argument('[name=value...]', 'variables')
    .option('--values <file|json>', 'variables as an object')
    .action(
      line.action(async (invocation, instance: string, pairs: readonly string[], { values }: { readonly values?: string }) => {
        const client = await invocation.client();
        const done = await client.ask(OperationDone, {
          method: 'PUT',
          path: `${runPath(instance)}/variables`,
          headers: { 'idempotency-key': randomUUID() },
          body: { values: await readParams(invocation.terminal, values, pairs) },
        });
        await invocation.print({ id: instance, ...done }, () => facts({ id: instance, status: done.status }));
      }),
    );
};

const operate = async (
  invocation: Invocation,
  route: string,
  instance: string,
  node: string,
  options: TaskOptions,
  body: object,
): Promise<ExitCode | void> => {
  const client = await invocation.client();
  const task = await executionOf(client, instance, node, route);
  const attempt = options.attempt === undefined ? task.attempt : Number(options.attempt);
  const done = await client.ask(OperationDone, {
    method: 'POST',
    path: `${runPath(instance)}/tasks/${segment(task.id)}/${route}`,
    headers: { 'idempotency-key': randomUUID() },
    body: { attempt, ...body },
  });
  if (options.wait) return waitForEnd(invocation, client, instance);
  await invocation.print({ id: instance, node: task.path, taskId: task.id, ...done }, () =>
    facts({ id: instance, node: task.path, status: done.status, 'still running': done.runningTasks.join(', ') }),
  );
};

/** The execution that is meant: the newest of the node that allows it, else the newest, whose refusal says why. */
const executionOf = async (client: ApiClient, instance: string, node: string, operation: string): Promise<TaskView> => {
  const { tasks } = await client.ask(InstanceDetail, { method: 'GET', path: runPath(instance) });
  const named = tasks.filter(({ id, nodeId, path, kind }) => id === node || (kind === 'node' && (nodeId === node || path === node)));
  const task = named.findLast(({ allowed }) => allowed.includes(operation)) ?? named.at(-1);
  if (task) return task;
  throw refused(`the run ${instance} has not reached a node \`${node}\``, `see \`orderlines get instances ${instance}\``);
};
