import { connect, type Socket } from 'node:net';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { eventsOf, nextEvent } from '../testing/sse.js';
import { buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

describe('streams of events', () => {
  let harness: GatewayHarness;
  let processId: string;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    processId = await buildProcess(harness, simpleDefinition('streamed'));
  });
  afterAll(() => harness?.close());

  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });

  /** A client that asks and reads nothing. */
  const askAndSleep = (runId: string): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(harness.gateway.port ?? 0, '127.0.0.1', () => {
        socket.pause();
        socket.write(`GET /api/v1/instances/${runId}/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.token}\r\n\r\n`, () =>
          resolve(socket),
        );
      });
      socket.once('error', reject);
      open.push(socket);
    });

  it('to clients that do not read do not hold up others', async () => {
    const run = await new StoredRun(harness.pool).create(processId);
    await harness.pool.query(
      `insert into runtime.history (process_instance_id, seq, at, facts)
       select $1, n, now(), jsonb_build_array(jsonb_build_object('type', 'task', 'text', repeat('x', 50000))) from generate_series(1, 1000) n`,
      [run.id],
    );
    await harness.pool.query('update runtime.process_instance set seq = 1000 where id = $1', [run.id]);
    await Promise.all(Array.from({ length: 5 }, () => askAndSleep(run.id)));
    const reading = eventsOf(await harness.ask('GET', `instances/${run.id}/events`));
    for (let seq = 1; seq <= 1_000; seq += 1) expect((await nextEvent(reading)).id).toBe(String(seq));
    await reading.return();
  });

  it('of one user are bounded', async () => {
    const run = await new StoredRun(harness.pool).create(processId);
    const aborts: AbortController[] = [];
    const follow = () => {
      const abort = new AbortController();
      aborts.push(abort);
      return fetch(`http://127.0.0.1:${harness.gateway.port}/api/v1/instances/${run.id}/events`, {
        headers: { authorization: `Bearer ${harness.token}` },
        signal: abort.signal,
      });
    };
    const answers = await Promise.all(Array.from({ length: 101 }, follow));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(100);
    const refused = answers.find(({ status }) => status === 503);
    expect(await refused?.json()).toMatchObject({ code: 'stream.refused' });
    for (const abort of aborts) abort.abort();
  });

  it('end with the gateway, and their clients are told', async () => {
    const run = await new StoredRun(harness.pool).create(processId);
    const events = eventsOf(await harness.ask('GET', `instances/${run.id}/events`));
    const next = nextEvent(events);
    await harness.gateway.close();
    expect(await next).toMatchObject({ event: 'closing' });
  });
});
