import {
  ApprovalPage,
  INSTANCE_SORTS,
  InstanceDetail,
  InstancePage,
  ORIGINS,
  ProcessDetail,
  ProcessPage,
  TaskPage,
} from '@orderlines/contracts';
import { Argument, InvalidArgumentError } from 'commander';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { approvalsTable } from '../output/approval-text.js';
import { instanceText, tasksTable } from '../output/instance-text.js';
import { facts, table } from '../output/table.js';
import { runPath, segment } from '../server/client.js';
import { notice } from '../terminal.js';

interface GetOptions {
  readonly namespace?: string;
  readonly name?: string;
  readonly process?: string;
  readonly status?: string;
  readonly instance?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly uses?: string;
  readonly origin?: string;
  readonly startedBy?: string;
  readonly label?: string;
  readonly waiting?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly sort?: string;
}

const KINDS = ['processes', 'instances', 'tasks', 'approvals'] as const;
type Kind = (typeof KINDS)[number];
/** One thing may be asked for in the singular. */
const SINGULARS: Readonly<Record<string, Kind>> = { process: 'processes', instance: 'instances', task: 'tasks', approval: 'approvals' };

/** `get` (also `list`): shows processes, runs and executions of nodes. */
export const addGet = (line: CommandLine): void => {
  line.root
    .command('get')
    .alias('list')
    .summary('list processes, instances, tasks or approvals, or show one')
    .description('List processes, runs (instances), executions of nodes (tasks) or approvals, or show one process or run.')
    .addArgument(new Argument('<kind>', KINDS.join(', ')).argParser(readKind))
    .argument('[id]', 'show this one; for tasks and approvals: those of this run')
    .option('--namespace <namespace>', 'processes or runs of this namespace')
    .option('--name <name>', 'processes whose name contains this')
    .option('--process <process>', 'runs or tasks of this process')
    .option('--status <status>', 'runs, tasks or approvals in this state, e.g. RUNNING')
    .option('--instance <instance>', 'tasks or approvals of this run')
    .option('--uses <type>', 'tasks of this type')
    .option('--origin <origin>', `runs from there: ${ORIGINS.join(', ')}`)
    .option('--started-by <name>', 'runs of this user, or of schedule:<namespace>/<name>, trigger:<namespace>/<name>')
    .option('--label <label>', 'runs whose process has this label: key or key=value')
    .option('--waiting', 'runs that wait for a person')
    .option('--since <time>', 'runs started then or later, e.g. 2027-01-31T09:00:00Z')
    .option('--until <time>', 'runs started before')
    .option('--sort <order>', `order of runs: ${INSTANCE_SORTS.join(', ')}`)
    .option('--limit <number>', 'at most this many', readLimit, 50)
    .option('--cursor <cursor>', 'go on behind the last page')
    .action(line.action((invocation, kind: Kind, id: string | undefined, options: GetOptions) => shows[kind](invocation, id, options)));
};

const shows: Readonly<Record<Kind, (invocation: Invocation, id: string | undefined, options: GetOptions) => Promise<void>>> = {
  processes: async (invocation, id, { namespace, name, limit, cursor }) => {
    const client = await invocation.client();
    if (id) return showProcess(invocation, await client.ask(ProcessDetail, { method: 'GET', path: `processes/${segment(id)}` }));
    const page = await client.ask(ProcessPage, { method: 'GET', path: 'processes', query: { namespace, name, limit, cursor } });
    await printPage(invocation, page, () =>
      table(
        [
          { heading: 'ID', value: (process) => process.id },
          { heading: 'NAME', value: (process) => `${process.namespace}/${process.name}` },
          { heading: 'VERSION', value: (process) => process.latestVersion },
          { heading: 'UPDATED', value: (process) => process.updatedAt },
          { heading: 'BY', value: (process) => process.updatedBy },
        ],
        page.items,
      ),
    );
  },
  instances: async (invocation, id, options) => {
    const client = await invocation.client();
    if (id) {
      const instance = await client.ask(InstanceDetail, { method: 'GET', path: runPath(id) });
      return invocation.print(instance, () => instanceText(instance));
    }
    const page = await client.ask(InstancePage, { method: 'GET', path: 'instances', query: runsQuery(options) });
    await printPage(invocation, page, () =>
      table(
        [
          { heading: 'ID', value: (instance) => instance.id },
          { heading: 'PROCESS', value: (instance) => `${instance.namespace}/${instance.process}@${instance.version}` },
          { heading: 'NUMBER', value: (instance) => instance.number },
          { heading: 'STATUS', value: (instance) => instance.status },
          { heading: 'STARTED BY', value: (instance) => instance.startedBy },
          { heading: 'CREATED', value: (instance) => instance.createdAt },
          { heading: 'FINISHED', value: (instance) => instance.finishedAt },
        ],
        page.items,
      ),
    );
  },
  tasks: async (invocation, id, { instance, process, uses, status, limit, cursor }) => {
    if (id && instance && id !== instance) throw refused('two runs are named', 'name one');
    const client = await invocation.client();
    const query = { instance: id ?? instance, process, uses, status, limit, cursor };
    const page = await client.ask(TaskPage, { method: 'GET', path: 'tasks', query });
    await printPage(invocation, page, () => tasksTable(page.items));
  },
  approvals: (invocation, id, { instance, ...options }) => showApprovals(invocation, { ...options, instance: id ?? instance }),
};

const runsQuery = ({ namespace, process, status, origin, startedBy, label, waiting, since, until, sort, limit, cursor }: GetOptions) => ({
  ...{ namespace, process, status, origin, startedBy, label, since, until, sort, limit, cursor },
  ...(waiting && { waiting: 'true' }),
});

/** Which approvals to show. */
export interface ApprovalsWanted {
  readonly mine?: boolean;
  readonly instance?: string | undefined;
  readonly status?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Shows a page of approvals. */
export const showApprovals = async (invocation: Invocation, { mine, instance, status, limit, cursor }: ApprovalsWanted): Promise<void> => {
  const client = await invocation.client();
  const query = { ...(mine && { mine: 'true' }), instance, status, limit, cursor };
  const page = await client.ask(ApprovalPage, { method: 'GET', path: 'approvals', query });
  await printPage(invocation, page, () => approvalsTable(page.items));
};

const showProcess = (invocation: Invocation, process: ProcessDetail): Promise<void> =>
  invocation.print(process, () =>
    facts({
      id: process.id,
      name: `${process.namespace}/${process.name}`,
      process_id: process.legacyId,
      description: process.description,
      version: process.latestVersion,
      updated: `${process.updatedAt} by ${process.updatedBy}`,
    }),
  );

const printPage = async (invocation: Invocation, page: { readonly nextCursor?: string | null }, asTable: () => string): Promise<void> => {
  await invocation.print(page, asTable);
  if (page.nextCursor && invocation.format() === 'table') notice(invocation.terminal, `there are more: --cursor ${page.nextCursor}`);
};

const readKind = (given: string): Kind => {
  const kind = SINGULARS[given] ?? KINDS.find((name) => name.startsWith(given));
  if (kind) return kind;
  throw new InvalidArgumentError(`There are ${KINDS.join(', ')}.`);
};

/** Reads a number of items. */
export const readLimit = (given: string): number => {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new InvalidArgumentError('Write a whole number above 0.');
};
