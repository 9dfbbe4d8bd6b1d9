import { startHealthServer, type HealthCheck, type HealthServer } from './health-server.js';
import { Counter, createMetrics } from './metrics.js';

describe('the health door', () => {
  let server: HealthServer;
  const checks: Record<string, HealthCheck> = {};
  const metrics = createMetrics('test');
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: response.status, text: await response.text() };
  };

  beforeAll(async () => {
    server = await startHealthServer({ host: '127.0.0.1', port: 0, checks, metrics });
  });
  afterAll(() => server.close());

  it('is live as soon as it answers', async () => {
    expect(await get('/health/live')).toEqual({ status: 200, text: '{"live":true}' });
  });

  it('is ready when every check is, and else says which is not and why', async () => {
    checks['store'] = () => null;
    checks['queue'] = async () => 'not connected';
    checks['broken'] = () => {
      throw new Error('it broke');
    };
    const { status, text } = await get('/health/ready');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      ready: false,
      checks: { store: { ok: true }, queue: { ok: false, reason: 'not connected' }, broken: { ok: false, reason: 'it broke' } },
    });
    delete checks['queue'];
    delete checks['broken'];
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('does not wait for ever for a check', async () => {
    checks['silent'] = () => new Promise(() => undefined);
    const { text } = await get('/health/ready?now');
    expect(text).toContain('no answer within');
    delete checks['silent'];
  });

  it('shows the metrics of its service, and nothing else', async () => {
    new Counter({ name: 'beans_total', help: 'Beans', registers: [metrics] }).inc(3);
    expect((await get('/metrics')).text).toContain('beans_total{service="test"} 3');
    expect((await get('/secrets')).status).toBe(404);
  });

  it('says so when its port is taken', async () => {
    await expect(startHealthServer({ host: '127.0.0.1', port: server.port, checks, metrics })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
