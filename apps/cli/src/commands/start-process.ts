import { InstanceStarted, StartPlan } from '@orderlines/contracts';
import { Option } from 'commander';
import { randomUUID } from 'node:crypto';
import type { CommandLine } from '../command-line.js';
import { refused, type ExitCode } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { originalOption, refuseOriginalOptions } from '../original-options.js';
import { facts } from '../output/table.js';
import { readParams } from '../params.js';
import { waitForEnd } from '../run-progress.js';

interface StartOptions {
  readonly processId?: string;
  readonly processTableId?: string;
  readonly param?: readonly string[];
  readonly params?: string;
  readonly runType?: 'schedule' | 'trigger';
  readonly dry?: true;
  readonly wait?: true;
  readonly idempotencyKey?: string;
  readonly clearDb?: true;
}

/** What `--run_type` of the original is called here. */
const ORIGINS = { schedule: 'schedule', trigger: 'event' } as const;

/** `start-process`: makes a run of the latest published version. */
export const addStartProcess = (line: CommandLine): void => {
  line.root
    .command('start-process')
    .summary('start a run of a process')
    .description('Start a run of the latest published version of a process. With --wait the exit code says how the run ended.')
    .argument('[process]', 'id, namespace/name, namespace/name@version, or the process_id of an imported file')
    .option('--process-id <process>', 'the same as the argument (also -p_id, --process_id)')
    .option('--process-table-id <id>', 'the id that building it printed (also -id, --process_table_id)')
    .option('--param <name=value>', 'a parameter; may be repeated', (given: string, before: readonly string[] = []) => [...before, given])
    .option('--params <file|json>', 'parameters as a JSON object, or a JSON or YAML file with them')
    .addOption(new Option('--run-type <type>', 'what started it').choices(Object.keys(ORIGINS)))
    .option('--idempotency-key <key>', 'started again under the same key within 7 days it is the same run')
    .option('--dry', 'check and resolve the inputs and print the plan; nothing is stored or run')
    .option('--wait', 'wait for the end; exit code 0 for SUCCESS, 1 otherwise')
    .addOption(originalOption('clearDb'))
    .action(line.action(start));
};

const start = async (invocation: Invocation, argument: string | undefined, options: StartOptions): Promise<ExitCode | void> => {
  refuseOriginalOptions(options);
  const body = {
    process: oneProcess(argument, options),
    params: await readParams(invocation.terminal, options.params, options.param ?? []),
    origin: options.runType ? ORIGINS[options.runType] : 'manual',
  };
  const client = await invocation.client();
  if (options.dry) {
    const plan = await client.ask(StartPlan, { method: 'POST', path: 'instances', body: { ...body, dry: true } });
    return invocation.print(plan, () => JSON.stringify(plan, null, 2));
  }
  // The key makes a repeat after a lost answer harmless: the same run answers.
  const started = await client.ask(InstanceStarted, {
    method: 'POST',
    path: 'instances',
    headers: { 'idempotency-key': options.idempotencyKey ?? randomUUID() },
    body,
  });
  if (options.wait) return waitForEnd(invocation, client, started.id);
  await invocation.print(started, () => facts({ id: started.id, number: started.number, status: started.status }));
};

const oneProcess = (argument: string | undefined, { processId, processTableId }: StartOptions): string => {
  const named = [argument, processId, processTableId].filter((name) => name !== undefined);
  if (named.length === 1 && named[0]) return named[0];
  throw refused(
    named.length > 1 ? 'a run is of one process, and several are named' : 'which process?',
    'name it once: `orderlines start-process -p_id <process>`; `orderlines get processes` lists them',
  );
};
