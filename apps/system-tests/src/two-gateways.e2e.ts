import { status } from '@grpc/grpc-js';
import { eventually } from './harness/eventually.js';
import { openStream } from './harness/event-stream.js';
import { freePort } from './harness/free-port.js';
import { listingByGrpc } from './harness/listing.js';
import { buildText, start, untilRunning } from './harness/runs.js';
import type { ServiceProcess } from './harness/service-process.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const PASSWORD = 'correct horse battery';
/** So soon a change of rights holds on every gateway. */
const WITHIN = { limitMs: 5_000 };

/** Rights are changed at one gateway, and people come in by the other. */
describe('two gateways', () => {
  let system: WholeSystem;
  let other: ServiceProcess;
  let otherUrl: string;
  let otherGrpc: string;
  let annId: string;
  let runId: string;

  beforeAll(async () => {
    system = await startWholeSystem();
    const [http, grpc] = [await freePort(), await freePort()];
    otherUrl = `http://127.0.0.1:${http}`;
    otherGrpc = `127.0.0.1:${grpc}`;
    other = await system.platform.makeGateway('gateway-2', { http, grpc }).start();
    await system.platform.json(['create-user', '-u', 'ann', '-p', PASSWORD]);
    const users = await system.platform.json<{ id: string }[]>(['users', 'list', '--search', 'ann']);
    annId = users[0]?.id ?? '';
    const { id } = await buildText(
      system.platform,
      'apiVersion: orderlines/v1\nkind: Process\nname: long\nflow: [{ id: wait, uses: shell, with: { command: sleep 300 } }]',
    );
    runId = await start(system.platform, id);
    await untilRunning(system.platform, runId, 'wait');
  });
  afterAll(async () => {
    await other?.stop();
    await system?.close();
  });

  const give = (...argv: string[]) => system.platform.json(['grant', 'ann', ...argv]);
  const login = async (): Promise<string> => {
    const answer = await fetch(`${otherUrl}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: 'ann', password: PASSWORD }),
    });
    return ((await answer.json()) as { token: string }).token;
  };
  const seesProcesses = async (token: string): Promise<number> =>
    (await fetch(`${otherUrl}/api/v1/processes`, { headers: { authorization: `Bearer ${token}` } })).status;
  const callsProcesses = (token: string): Promise<status> => listingByGrpc(otherGrpc, token);
  const becomes = (what: string, ask: () => Promise<number>, answer: number) =>
    eventually(
      what,
      async () => {
        expect(await ask()).toBe(answer);
        return true;
      },
      WITHIN,
    );

  it.each([
    ['a role', () => give('--role', 'viewer'), () => give('--no-role')],
    [
      'a group',
      async () => {
        await system.platform.json(['group', 'set', 'watchers', '--role', 'viewer']);
        await give('--group', 'watchers');
      },
      () => give('--no-group'),
    ],
    [
      'a rule of a role',
      async () => {
        await system.platform.json(['role', 'set', 'reader', '--allow', 'read Process']);
        await give('--role', 'reader');
      },
      () => system.platform.json(['role', 'set', 'reader', '--allow', 'read Worker']),
    ],
  ])('%s that is given or taken at one holds at the other within five seconds, by both doors', async (what, grant, take) => {
    const token = await login();
    await grant();
    await becomes(`${what} lets in`, () => seesProcesses(token), 200);
    await becomes(`${what} lets calls in`, () => callsProcesses(token), status.OK);
    await take();
    await becomes(`${what} is taken`, () => seesProcesses(token), 403);
    await becomes(`${what} is taken from calls`, () => callsProcesses(token), status.PERMISSION_DENIED);
  });

  it('somebody who is disabled at one is out at the other within five seconds', async () => {
    await give('--role', 'viewer');
    const token = await login();
    await becomes('it lets in', () => seesProcesses(token), 200);
    await system.platform.json(['users', 'disable', 'ann']);
    await becomes('it is of no use', () => seesProcesses(token), 401);
    await system.platform.json(['users', 'enable', 'ann']);
  });

  it('a stream of one is cut within five seconds when the other takes the right away, and goes on behind the last event', async () => {
    await give('--role', 'viewer');
    const token = await login();
    const url = `${otherUrl}/api/v1/instances/${runId}/events`;
    await becomes('runs are seen', async () => (await openStream(url, token)).status, 200);
    const { events } = await openStream(url, token);
    let last = (await events.next()).value;
    expect(last).toMatchObject({ event: 'facts' });
    await give('--no-role');
    const takenAt = Date.now();
    for await (const event of events) {
      if (event.event === 'refused') {
        expect(JSON.parse(event.data)).toMatchObject({ code: 'auth.not-allowed' });
        expect(Date.now() - takenAt).toBeLessThan(WITHIN.limitMs);
        break;
      }
      last = event;
    }
    expect((await events.next()).done).toBe(true);
    await give('--role', 'viewer');
    await system.platform.json(['paused-process', '-ps_id', runId]);
    await becomes('runs are seen again', () => seesProcesses(token), 200);
    const resumed = await openStream(`${system.platform.url}/api/v1/instances/${runId}/events`, token, last?.id ?? '');
    const next = (await resumed.events.next()).value;
    expect(Number(next?.id)).toBe(Number(last?.id) + 1);
    await resumed.events.return();
  });

  it('a stream is cut when its token is revoked elsewhere; a new token goes on behind the last event', async () => {
    const token = await login();
    const url = `${otherUrl}/api/v1/instances/${runId}/events`;
    const { events } = await openStream(url, token);
    const first = (await events.next()).value;
    const ended = await system.platform.fetch(`users/${annId}/sessions`, { method: 'DELETE' });
    expect(ended.status).toBe(200);
    const endedAt = Date.now();
    let refused: string | undefined;
    for await (const event of events) if (event.event === 'refused') refused = event.data;
    expect(Date.now() - endedAt).toBeLessThan(WITHIN.limitMs);
    expect(JSON.parse(refused ?? '{}')).toMatchObject({ code: 'auth.not-authenticated' });
    expect((await openStream(url, token)).status).toBe(401);
    const resumed = await openStream(url, await login(), first?.id ?? '');
    expect(resumed.status).toBe(200);
    await resumed.events.return();
  });
});
