import { createServer } from 'node:net';
import { runMigrations } from '@orderlines/persistence';
import { startNats, startOwnPostgres } from '@orderlines/testing';
import { gatewayDefaults, gatewayEnvironment, startApiGateway, type GatewayConfig, type RunningGateway } from './index.js';

const eventually = async <Value>(look: () => Promise<Value>, wanted: (value: Value) => boolean): Promise<Value> => {
  for (const end = Date.now() + 40_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const value = await look();
    if (wanted(value) || Date.now() > end) return value;
  }
};

describe('a gateway', () => {
  const running: RunningGateway[] = [];
  afterEach(async () => {
    for (const gateway of running.splice(0)) await gateway.close();
  });

  const away = {
    ...gatewayDefaults,
    port: 0,
    grpcPort: 0,
    logLevel: 'silent',
    databaseUrl: 'postgres://nobody@127.0.0.1:1/x',
    natsUrl: 'nats://127.0.0.1:1',
  } as const;
  const start = async (config: Partial<GatewayConfig>) => {
    const gateway = await startApiGateway({ ...away, ...config });
    running.push(gateway);
    return gateway;
  };
  const ready = async (gateway: RunningGateway) => {
    const answer = await fetch(`http://127.0.0.1:${gateway.healthPort}/health/ready`);
    return (await answer.json()) as { ready: boolean; checks: Record<string, { ok: boolean; reason?: string }> };
  };

  it('opens while its stores are away, says so, and refuses politely', async () => {
    const gateway = await start({});
    expect(await ready(gateway)).toMatchObject({
      ready: false,
      checks: { postgres: { reason: 'waiting for Postgres' }, nats: { reason: 'waiting for NATS' } },
    });
    const login = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/sessions`, { method: 'POST', body: '{"login":"a","password":"b"}' });
    expect({ status: login.status, retryAfter: login.headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '2' });
  });

  it('goes on when its stores come, go and come again', async () => {
    const [postgres, nats] = await Promise.all([startOwnPostgres(), startNats()]);
    try {
      const databaseUrl = await postgres.createDatabase(runMigrations);
      await postgres.kill();
      const gateway = await start({ databaseUrl, natsUrl: nats.url });
      expect((await ready(gateway)).checks['postgres']).toMatchObject({ ok: false });
      await postgres.restart();
      expect(
        (
          await eventually(
            () => ready(gateway),
            ({ checks }) => checks['postgres']?.ok === true,
          )
        ).checks,
      ).toMatchObject({
        postgres: { ok: true },
        nats: { ok: true },
        executor: { ok: false, reason: 'no executor has given a sign of life lately' },
      });
      await postgres.restart();
      await nats.restart();
      const { checks } = await eventually(
        () => ready(gateway),
        ({ checks: now }) => now['postgres']?.ok === true && now['nats']?.ok === true,
      );
      expect(checks).toMatchObject({ postgres: { ok: true }, nats: { ok: true } });
    } finally {
      await Promise.all(running.splice(0).map((gateway) => gateway.close()));
      await Promise.all([postgres.close(), nats.close()]);
    }
  });

  it('opens one door alone', async () => {
    expect(await start({ doors: { http: true, grpc: false } })).not.toHaveProperty('grpcPort');
    const onlyGrpc = await start({ doors: { http: false, grpc: true } });
    expect(onlyGrpc).not.toHaveProperty('port');
    expect((await ready(onlyGrpc)).ready).toBe(false);
  });

  it('says that a port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    for (const config of [{ port }, { grpcPort: port }]) {
      await expect(start(config)).rejects.toMatchObject({
        code: 'gateway.cannot-listen',
        message: expect.stringMatching(/choose another port/),
      });
    }
    await new Promise((resolve) => taken.close(resolve));
  });

  it('reads its settings from the environment', () => {
    const stores = { ORDERLINES_DATABASE_URL: 'postgres://db/x', ORDERLINES_NATS_URL: 'nats://nats:4222' };
    expect(gatewayEnvironment.parse(stores)).toMatchObject({ port: 15_900, grpcPort: 50_051, doors: { http: true, grpc: true } });
    expect(gatewayEnvironment.parse({ ...stores, ORDERLINES_DOORS: 'grpc' })).toMatchObject({ doors: { http: false, grpc: true } });
    expect(gatewayEnvironment.safeParse({ ...stores, ORDERLINES_PORT: '70000' }).success).toBe(false);
  });
});
