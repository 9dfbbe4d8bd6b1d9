import { credentials, status } from '@grpc/grpc-js';
import { callUnary, ExecutorServiceClient, internalMetadata } from '@orderlines/rpc';
import { createServer, type AddressInfo } from 'node:net';
import type { RunningExecutor } from './start-executor.js';
import { Platform, until } from './testing/platform.js';

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

describe('an executor', () => {
  let platform: Platform;

  beforeAll(async () => {
    platform = await Platform.start();
  }, 60_000);
  afterAll(() => platform.close(), 30_000);

  it('waits for a NATS that is away at its start and says so, works when it is there, and says so again when it goes', async () => {
    const healthPort = await freePort();
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${healthPort}/health/ready`).catch(() => null);
      return response === null ? null : { status: response.status, text: await response.text() };
    };
    await platform.nats.kill();
    let running: RunningExecutor | undefined;
    const starting = platform.executor({ healthPort }).then((executor) => (running = executor));
    const waiting = await until('the health door', 10_000, ready);
    expect(waiting).toMatchObject({ status: 503, text: expect.stringContaining('waiting for Postgres and NATS') as string });
    expect(running).toBeUndefined();
    await platform.nats.restart();
    const executor = await starting;
    expect(await ready()).toMatchObject({ status: 200 });
    await platform.nats.kill();
    const gone = await until('it is not ready', 20_000, async () => {
      const answer = await ready();
      return answer?.status === 503 ? answer : null;
    });
    expect(gone.text).toContain('not connected to NATS');
    await platform.nats.restart();
    await until('it is ready again', 20_000, async () => ((await ready())?.status === 200 ? true : null));
    await platform.closeExecutor(executor);
    expect(await ready()).toBeNull();
  }, 90_000);

  it('tells where its gRPC door is while it runs, and counts what it does', async () => {
    const executor = await platform.executor();
    const { rows } = await platform.pool.query<{ address: string }>(`select address from system.service_node where role = 'executor'`);
    expect(rows).toEqual([{ address: executor.grpcAddress }]);
    await platform.start(await platform.publish('name: one\nflow:\n  - { id: a, uses: log, with: { message: x } }\n'));
    const metrics = await (await fetch(`http://127.0.0.1:${executor.healthPort}/metrics`)).text();
    expect(metrics).toContain('orderlines_executor_items_total{kind="start",outcome="done",service="executor"} 1');
    await platform.closeExecutor(executor);
    expect((await platform.pool.query(`select from system.service_node where role = 'executor'`)).rowCount).toBe(0);
  }, 60_000);

  it('with an internal token answers nobody who does not show it', async () => {
    const internalToken = 'a token that is long enough for it';
    const executor = await platform.executor({ internalToken });
    const client = new ExecutorServiceClient(executor.grpcAddress, credentials.createInsecure());
    const request = { namespace: 'default', name: 'go', key: '', payloadJson: '{}', actor: 'tester', idempotencyKey: '1' };
    const ask = (token?: string) =>
      callUnary(client, client.sendSignal, request, { deadlineMs: 10_000, metadata: internalMetadata(token) });
    for (const token of [undefined, `${internalToken}!`, '']) {
      await expect(ask(token)).rejects.toMatchObject({
        code: status.UNAUTHENTICATED,
        details: expect.stringContaining('ORDERLINES_INTERNAL_TOKEN') as string,
      });
    }
    expect(await ask(internalToken)).toMatchObject({ repeated: false });
    client.close();
    await platform.closeExecutor(executor);
  }, 60_000);
});
