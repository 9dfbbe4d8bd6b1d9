import { LogLine, LogPage, MAX_PAGE_SIZE } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { type ApiClient, runPath } from '../server/client.js';
import { followEvents } from '../server/event-stream.js';
import { say, type Terminal } from '../terminal.js';

interface LogsOptions {
  readonly follow?: true;
  readonly task?: string;
}

/** `logs`: what the tasks of a run wrote, all of it, and with `-f` what comes. */
export const addLogs = (line: CommandLine): void => {
  line.root
    .command('logs')
    .summary('show what the tasks of a run wrote')
    .description('Show the log lines of a run, oldest first. With -f it goes on with new ones until the run has ended.')
    .argument('<instance>', 'id of the run')
    .option('-f, --follow', 'go on with new lines until the run has ended')
    .option('--task <task>', 'lines of this node, or task instance, only')
    .action(
      line.action(async (invocation, instance: string, options: LogsOptions) => {
        const client = await invocation.client();
        const lines = options.follow ? newLines(client, instance, options.task) : keptLines(client, instance, options.task);
        for await (const logLine of lines) await show(invocation, logLine);
      }),
    );
};

/** All lines there are, page by page. */
async function* keptLines(client: ApiClient, instance: string, task: string | undefined): AsyncGenerator<LogLine> {
  let cursor: string | null | undefined;
  do {
    const page: LogPage = await client.ask(LogPage, {
      method: 'GET',
      path: `${runPath(instance)}/logs`,
      query: { task, cursor: cursor ?? undefined, limit: MAX_PAGE_SIZE },
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

/** All lines there are and then those that come, to the end of the run. */
async function* newLines(client: ApiClient, instance: string, task: string | undefined): AsyncGenerator<LogLine> {
  const abort = new AbortController();
  try {
    for await (const event of followEvents(client, { path: `${runPath(instance)}/logs/stream`, query: { task } }, abort.signal)) {
      yield* LogLine.array().parse([JSON.parse(event.data)].flat());
    }
  } finally {
    abort.abort();
  }
}

/** Lines are a stream: JSON comes as one object a line, YAML as items that together are one list. */
const show = async (invocation: Invocation, line: LogLine): Promise<void> => {
  const format = invocation.format();
  if (format === 'table') showText(invocation.terminal, line);
  else if (format === 'yaml') await invocation.print([line], () => '');
  else say(invocation.terminal, JSON.stringify(line));
};

const showText = (terminal: Terminal, { at, nodeId, level, text }: LogLine): void => {
  const time = new Date(at).toISOString().slice(11, 23);
  say(terminal, `${time} ${nodeId} ${level === 'info' ? '' : `${level.toUpperCase()} `}${text}`);
};
