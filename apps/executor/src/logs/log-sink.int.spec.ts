import { build } from 'esbuild';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectNats, ensureStreams, LOGS, Publisher, type LogChunkMessage } from '@orderlines/messaging';
import { createLogger } from '@orderlines/service-host';
import { Platform, until } from '../testing/platform.js';
import { LogSinkThread } from './log-sink-thread.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
// Inside the workspace, so that the built thread finds its packages.
const BUILT = join(ROOT, 'tmp', `log-sink-${process.pid}`);

describe('the log sink', () => {
  let platform: Platform;
  let sink: LogSinkThread;
  const instanceId = '01920000-0000-7000-8000-000000000001';
  const taskInstanceId = randomUUID();

  const chunk = (number: number, text: string): LogChunkMessage => ({
    format: 1,
    instanceId,
    taskInstanceId,
    attempt: 1,
    chunk: number,
    lines: [{ at: 1_700_000_000_000 + number, level: 'info', text }],
  });
  const publish = async (chunks: readonly unknown[]) => {
    const nats = await connectNats(platform.nats.url, { name: 'test' });
    const publisher = new Publisher(nats, { ensure: () => ensureStreams(nats) });
    for (const payload of chunks) await publisher.publish({ subject: LOGS.subject(instanceId, taskInstanceId), payload });
    await nats.close();
  };
  const stored = async () => {
    const { rows } = await platform.pool.query<{ chunk: number; lines: { text: string }[] }>(
      'select chunk, lines from runtime.log_chunk where process_instance_id = $1 order by chunk',
      [instanceId],
    );
    return rows.map(({ chunk: number, lines }) => [number, lines.map(({ text }) => text).join()]);
  };

  beforeAll(async () => {
    await build({
      entryPoints: { 'log-sink': join(ROOT, 'apps/executor/src/log-sink.entry.ts') },
      outdir: BUILT,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      logLevel: 'silent',
      tsconfig: join(ROOT, 'tsconfig.base.json'),
      plugins: [
        {
          name: 'externals',
          setup: (builder) =>
            builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
              kind === 'entry-point' || path.startsWith('@orderlines/') ? undefined : { path, external: true },
            ),
        },
      ],
    });
    platform = await Platform.start();
    const settings = { databaseUrl: platform.databaseUrl, natsUrl: platform.nats.url, logLevel: 'silent' } as const;
    sink = new LogSinkThread(pathToFileURL(join(BUILT, 'log-sink.js')), settings, createLogger('test', 'silent'));
    sink.start();
  }, 60_000);

  afterAll(async () => {
    await sink.close();
    await platform.close();
    await rm(BUILT, { recursive: true, force: true });
  }, 30_000);

  it('stores every chunk once, however often and in whatever order it comes, and drops what is no chunk', async () => {
    await publish([chunk(1, 'second'), 'nonsense', chunk(0, 'first'), chunk(1, 'second'), chunk(2, 'with\u0000NUL')]);
    const rows = await until('three chunks', 15_000, async () => {
      const all = await stored();
      return all.length === 3 ? all : null;
    });
    expect(rows).toEqual([
      [0, 'first'],
      [1, 'second'],
      [2, 'with\ufffdNUL'],
    ]);
  });

  it('goes on after its thread died', async () => {
    await sink.restart();
    await publish([chunk(3, 'after')]);
    await until('the fourth chunk', 15_000, async () => ((await stored()).length === 4 ? true : null));
    expect(sink.trouble).toBeNull();
  });
});
