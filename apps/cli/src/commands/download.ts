import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { InstanceDetail, type TaskView } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import { runPath, segment } from '../server/client.js';
import { notice } from '../terminal.js';

interface DownloadOptions {
  readonly to?: string;
  readonly input?: true;
}

/** The largest content over a slow line. */
const DOWNLOAD_LIMIT_MS = 3_600_000;

/** `download`: the whole result of a task, however large, or a file that it collected. */
export const addDownload = (line: CommandLine): void => {
  line.root
    .command('download')
    .summary('download the result of a task, or a file it collected')
    .description('Download the whole result of a task as JSON, however large it is, or with a name one of the files it collected.')
    .argument('<instance>', 'id of the run')
    .argument('<task>', 'id of the node (its latest execution) or of the task instance')
    .argument('[file]', 'name of a file of the result, as in dist/shop.tgz')
    .option('--input', 'the arguments of the task instead of its result')
    .option('--to <path>', 'write here instead of to standard output')
    .action(
      line.action(async (invocation, instance: string, task: string, file: string | undefined, options: DownloadOptions) => {
        if (file !== undefined && options.input) throw refused('an input has no files', 'leave --input or the name of the file out');
        const client = await invocation.client();
        const detail = await client.ask(InstanceDetail, { method: 'GET', path: runPath(instance) });
        const part = file === undefined ? (options.input ? 'input' : 'result') : `files/${file.split('/').map(segment).join('/')}`;
        const path = `${runPath(instance)}/tasks/${executionOf(detail.tasks, task).id}/${part}`;
        const { body } = await client.send({ method: 'GET', path }, AbortSignal.timeout(DOWNLOAD_LIMIT_MS));
        if (body === null) return;
        const content = Readable.fromWeb(body as ReadableStream);
        if (options.to === undefined) return pipeline(content, invocation.terminal.output, { end: false });
        await pipeline(content, createWriteStream(options.to));
        notice(invocation.terminal, `written to ${options.to}`);
      }),
    );
};

const executionOf = (tasks: readonly TaskView[], name: string): TaskView => {
  const found = tasks.findLast(({ id, nodeId, path, kind }) => id === name || (kind === 'node' && (nodeId === name || path === name)));
  if (found) return found;
  throw refused(`the run has no task \`${name}\``, '`orderlines get instances <id>` lists them');
};
