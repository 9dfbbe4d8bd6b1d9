import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { instanceRpc } from '@orderlines/rpc';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { eventsOf, nextEvent } from '../testing/sse.js';
import { buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

const PASSWORD = 'correct horse battery';
const WITHIN_MS = 5_000;

describe('a stream whose token or right ends', () => {
  let harness: GatewayHarness;
  let run: StoredRun;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    run = await new StoredRun(harness.pool).create(await buildProcess(harness, simpleDefinition('watched')));
    await run.fact({ type: 'instance', status: 'RUNNING' });
    const user = { userName: 'ann', password: PASSWORD, roles: ['viewer'] };
    expect((await harness.ask('POST', 'users', user)).status).toBe(201);
  });
  afterAll(() => harness?.close());

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const login = async () => {
    const answer = await harness.ask('POST', 'sessions', { login: 'ann', password: PASSWORD });
    return ((await answer.json()) as { token: string }).token;
  };
  const logout = (token: string) => harness.ask('DELETE', 'sessions/current', undefined, bearer(token));

  it('is cut within five seconds and goes on behind the last event with a new token', async () => {
    const token = await login();
    const path = `instances/${run.id}/events`;
    const events = eventsOf(await harness.ask('GET', path, undefined, bearer(token)));
    const first = await nextEvent(events);
    expect(first.event).toBe('facts');
    const endedAt = Date.now();
    await logout(token);
    const last = await nextEvent(events);
    expect(Date.now() - endedAt).toBeLessThan(WITHIN_MS);
    expect([last.event, JSON.parse(last.data)]).toMatchObject(['refused', { code: 'auth.not-authenticated' }]);
    expect((await events.next()).done).toBe(true);
    expect((await harness.ask('GET', path, undefined, { ...bearer(token), 'last-event-id': first.id ?? '' })).status).toBe(401);
    await run.fact({ type: 'instance', status: 'PAUSED' });
    const resumed = eventsOf(await harness.ask('GET', path, undefined, { ...bearer(await login()), 'last-event-id': first.id ?? '' }));
    expect(Number((await nextEvent(resumed)).id)).toBe(Number(first.id) + 1);
    await resumed.return();
  });

  it('of log lines is cut when the role that allowed it is taken away', async () => {
    await run.log(0, 'a line');
    const events = eventsOf(await harness.ask('GET', `instances/${run.id}/logs/stream`, undefined, bearer(await login())));
    expect((await nextEvent(events)).event).toBe('lines');
    const [ann] = await harness.source.query<{ id: string }[]>(`select id from access.user_account where user_name = 'ann'`);
    const takenAt = Date.now();
    expect((await harness.ask('PUT', `users/${ann?.id}/access`, { roles: [] })).status).toBeLessThan(300);
    const last = await nextEvent(events);
    expect(Date.now() - takenAt).toBeLessThan(WITHIN_MS);
    expect([last.event, JSON.parse(last.data)]).toMatchObject(['refused', { code: expect.stringMatching(/^auth\./) }]);
  });

  it('over gRPC ends with the status that a call without the token gets', async () => {
    const answer = await harness.ask('POST', 'me/tokens', { name: 'watcher' });
    const { token, id } = (await answer.json()) as { token: string; id: string };
    const client = new instanceRpc.InstanceServiceClient(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    try {
      const stream = client.watchInstance({ id: run.id, afterSeq: 0 }, metadata);
      const ended = new Promise<ServiceError>((resolve) => stream.on('error', resolve));
      await new Promise((resolve) => stream.once('data', resolve));
      stream.resume();
      const revokedAt = Date.now();
      expect((await harness.ask('DELETE', `me/tokens/${id}`)).status).toBe(204);
      expect((await ended).code).toBe(status.UNAUTHENTICATED);
      expect(Date.now() - revokedAt).toBeLessThan(WITHIN_MS);
    } finally {
      Client.prototype.close.call(client);
    }
  });
});
