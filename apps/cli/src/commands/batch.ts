import { BatchDone } from '@orderlines/contracts';
import { Argument } from 'commander';
import { randomUUID } from 'node:crypto';
import type { CommandLine } from '../command-line.js';
import { EXIT, refused, type ExitCode } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { table } from '../output/table.js';
import { notice } from '../terminal.js';
import { readLimit } from './get.js';

const OPERATIONS = ['stop', 'pause', 'resume', 'restart', 'retry', 'skip', 'raise'];

interface BatchOptions {
  readonly process?: string;
  readonly namespace?: string;
  readonly status?: string;
  readonly force?: true;
  readonly dry?: true;
  readonly limit: number;
  readonly cursor?: string;
}

/** `batch`: one operation on many runs. */
export const addBatch = (line: CommandLine): void => {
  line.root
    .command('batch')
    .summary('do something to many runs')
    .description('Do something to all runs that fit, with an answer for each. Exit code 1 when it was not done to all of them.')
    .addArgument(new Argument('<operation>', 'retry, skip and raise go to every node that is held or failed its run').choices(OPERATIONS))
    .argument('[instances...]', 'ids of runs')
    .option('--process <process>', 'runs of this process')
    .option('--namespace <namespace>', 'runs in this namespace')
    .option('--status <status>', 'runs in this state, e.g. RUNNING')
    .option('--force', 'with stop: kill what runs, leave the teardown out')
    .option('--dry', 'only say what would be done')
    .option('--limit <number>', 'at most this many, the newest first', readLimit, 100)
    .option('--cursor <cursor>', 'go on behind the last batch')
    .action(line.action(batch));
};

const batch = async (
  invocation: Invocation,
  name: string,
  ids: readonly string[],
  { process, namespace, status, force, dry, limit, cursor }: BatchOptions,
): Promise<ExitCode | void> => {
  const filter = { ...(ids.length > 0 && { ids }), process, namespace, status };
  if (Object.values(filter).every((value) => value === undefined)) {
    throw refused('which runs?', 'name their ids, --process, --namespace or --status; --dry shows what would be done');
  }
  const client = await invocation.client();
  const done = await client.ask(BatchDone, {
    method: 'POST',
    path: 'instances/batch',
    headers: { 'idempotency-key': randomUUID() },
    body: { operation: { name, ...(force && { force }) }, filter, dry: dry ?? false, limit, cursor },
  });
  await invocation.print(done, () =>
    table(
      [
        { heading: 'ID', value: (item) => item.id },
        { heading: 'PROCESS', value: (item) => `${item.process} #${item.number}` },
        { heading: 'STATUS', value: (item) => item.status },
        { heading: 'OUTCOME', value: (item) => item.outcome },
        { heading: 'NODES', value: (item) => item.nodes?.join(', ') },
        { heading: 'WHY', value: (item) => item.detail ?? item.newInstanceId },
      ],
      done.items,
    ),
  );
  if (done.nextCursor && invocation.format() === 'table') notice(invocation.terminal, `there are more: --cursor ${done.nextCursor}`);
  if (done.items.some(({ outcome }) => outcome === 'refused' || outcome === 'failed')) return EXIT.failedRun;
};
