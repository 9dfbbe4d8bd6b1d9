import { randomUUID } from 'node:crypto';
import { connectNats, ensureStreams, LOGS, Publisher, type LogChunkMessage } from '@orderlines/messaging';
import { createLogger } from '@orderlines/service-host';
import { buildService, type BuiltService } from '@orderlines/testing';
import { Platform, until } from '../testing/platform.js';
import { LogSinkThread } from './log-sink-thread.js';

describe('the log sink', () => {
  let platform: Platform;
  let sink: LogSinkThread;
  let built: BuiltService;
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
    built = buildService('executor', 'log-sink');
    platform = await Platform.start();
    const settings = { databaseUrl: platform.databaseUrl, natsUrl: platform.nats.url, logLevel: 'silent' } as const;
    sink = new LogSinkThread(built.entry('log-sink'), settings, createLogger('test', 'silent'));
    sink.start();
  }, 60_000);

  afterAll(async () => {
    await sink.close();
    await platform.close();
    built.remove();
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
