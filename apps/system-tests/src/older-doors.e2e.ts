import { createHash } from 'node:crypto';
import { credentials, Metadata, status } from '@grpc/grpc-js';
import { createPool } from '@orderlines/persistence';
import { callUnary, originalRpc, processRpc } from '@orderlines/rpc';
import { temporaryFolder, TestAuthority } from '@orderlines/testing';
import { eventually } from './harness/eventually.js';
import { freePort } from './harness/free-port.js';
import { buildText, endOf, readRun, start } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const PASSWORD = 'correct horse battery';
const processOf = (name: string, flow = '{ id: only, uses: math, with: { operation: add, a: 1, b: 1 } }') =>
  `apiVersion: orderlines/v1\nkind: Process\nnamespace: older-doors\nname: ${name}\nflow: [${flow}]\n`;

/**
 * Faults A1–A13 and A20–A28 of the older system's API, command line and gRPC, each shown not to be there. A14–A19 are about schedules
 * (schedules.e2e.ts), O1–O10 stand in older-operations.e2e.ts, E24–E40 in older-faults.e2e.ts.
 */
describe('what the older doors did wrong', () => {
  let system: WholeSystem;
  let pool: ReturnType<typeof createPool>;
  beforeAll(async () => {
    system = await startWholeSystem();
    pool = createPool(system.databaseUrl, { name: 'test' });
  });
  afterAll(async () => {
    await pool?.end();
    await system?.close();
  });

  const ask = async (method: string, path: string, body?: unknown, token = system.platform.token) => {
    const answer = await fetch(`${system.platform.url}/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    const json = /\/(problem\+)?json/.test(answer.headers.get('content-type') ?? '') && text !== '';
    return { status: answer.status, text, body: (json ? JSON.parse(text) : {}) as Readonly<Record<string, unknown>> };
  };
  const add = async (userName: string, more: object = {}): Promise<string> => {
    const { status: answered, body } = await ask('POST', 'users', { userName, password: PASSWORD, ...more });
    expect(answered).toBe(201);
    return body['id'] as string;
  };
  const login = (name: string, password = PASSWORD) => ask('POST', 'sessions', { login: name, password }, '');
  const tokenOf = async (name: string) => (await login(name)).body['token'] as string;
  const becomes = (what: string, look: () => Promise<number>, wanted: number) =>
    eventually(what, async () => {
      expect(await look()).toBe(wanted);
      return true;
    });
  const original = async <Answer>(
    work: (client: originalRpc.OrderlinesServiceClient, metadata: Metadata) => Promise<Answer>,
  ): Promise<Answer> => {
    const client = new originalRpc.OrderlinesServiceClient(system.platform.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${system.platform.token}`);
    try {
      return await work(client, metadata);
    } finally {
      client.close();
    }
  };
  const listByGrpc = async (address: string, token: string): Promise<status> => {
    const client = new processRpc.ProcessServiceClient(address, credentials.createInsecure());
    const metadata = new Metadata();
    if (token) metadata.set('authorization', `Bearer ${token}`);
    const request = { namespace: '', name: '', pageSize: 0, pageToken: '' };
    try {
      await callUnary(client, client.listProcesses, request, { deadlineMs: 5_000, metadata });
      return status.OK;
    } catch (error) {
      return (error as { code: status }).code;
    } finally {
      client.close();
    }
  };

  type Fault = readonly [number: string, sentence: string, holds: () => Promise<void>];
  const FAULTS: readonly Fault[] = [
    [
      'A1',
      'every route but the doors themselves wants a login',
      async () => {
        const document = (await (await fetch(`${system.platform.url}/api/docs-json`)).json()) as {
          paths: Record<string, Record<string, { security?: unknown[] }>>;
        };
        const open: string[] = [];
        for (const [path, methods] of Object.entries(document.paths)) {
          for (const [method, { security }] of Object.entries(methods)) {
            if (security?.length === 0) open.push(path);
            else
              expect({ path, method, ...(await ask(method.toUpperCase(), path.slice('/api/v1/'.length), undefined, '')) }).toMatchObject({
                status: 401,
              });
          }
        }
        expect(open.every((path) => /^\/(health|metrics|api\/v1\/(sessions|registrations|webhooks))/.test(path))).toBe(true);
      },
    ],
    [
      'A2',
      'nobody deletes all data by a flag, neither over HTTP nor over gRPC',
      async () => {
        for (const more of [{ clear_db: true }, { clearDb: true }]) {
          expect((await ask('POST', 'processes', { content: processOf('cleared'), ...more })).status).toBe(422);
          expect((await ask('POST', 'instances', { process: 'older-doors/cleared', ...more })).status).toBe(422);
        }
        await buildText(system.platform, processOf('kept'));
        const answers = await original(async (client, metadata) => [
          await callUnary(
            client,
            client.startProcess,
            { processId: 'older-doors/kept', runType: '', dry: false, clearDb: true },
            { deadlineMs: 5_000, metadata },
          ),
          await callUnary(
            client,
            client.buildProcessByDict,
            { processInfo: '{}', taskNode: '[]', variable: '', clearDb: true },
            { deadlineMs: 5_000, metadata },
          ),
        ]);
        expect(answers.map(({ code, message }) => [code, message.includes('clear_db is not possible')])).toEqual([
          [400, true],
          [400, true],
        ]);
        expect((await ask('GET', 'processes/older-doors%2Fkept')).status).toBe(200);
      },
    ],
    [
      'A3',
      'no request names a file of the server',
      async () => {
        for (const more of [{ path: '/etc/passwd' }, { file: '/etc/passwd' }]) {
          expect((await ask('POST', 'processes', { content: processOf('file'), ...more })).status).toBe(422);
        }
        const answer = await original((client, metadata) =>
          callUnary(client, client.buildProcessByYaml, originalRpc.BuildProcessByYamlRequest.fromPartial({}), {
            deadlineMs: 5_000,
            metadata,
          }),
        );
        expect(answer).toMatchObject({ code: 400, message: expect.stringContaining('Files of the server are not read') });
      },
    ],
    [
      'A4',
      'gRPC wants a token, and speaks TLS where it is given a certificate',
      async () => {
        expect(await listByGrpc(system.platform.grpcAddress, '')).toBe(status.UNAUTHENTICATED);
        expect(await listByGrpc(system.platform.grpcAddress, system.platform.token)).toBe(status.OK);
        const folder = await temporaryFolder('older-doors');
        const [http, grpc] = [await freePort(), await freePort()];
        const gateway = system.platform.makeGateway('with-tls', { http, grpc });
        try {
          const { certificate, key } = TestAuthority.make(folder.path, 'ours').issue('gateway', 'localhost');
          await gateway.start({ ORDERLINES_GRPC_TLS_CERT: certificate, ORDERLINES_GRPC_TLS_KEY: key });
          expect(await listByGrpc(`127.0.0.1:${grpc}`, system.platform.token)).toBe(status.UNAVAILABLE);
        } finally {
          await gateway.stop();
          await folder.remove();
        }
      },
    ],
    [
      'A5',
      'passwords are salted Argon2id, and two equal ones are stored differently',
      async () => {
        for (const name of ['salt1', 'salt2']) await add(name);
        const { rows } = await pool.query<{ hash: string }>(
          `select password_hash as hash from access.user_account where user_name in ('salt1', 'salt2')`,
        );
        for (const { hash } of rows) expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
        expect(new Set(rows.map(({ hash }) => hash)).size).toBe(2);
        expect(JSON.stringify(rows)).not.toContain(createHash('md5').update(PASSWORD).digest('hex'));
      },
    ],
    [
      'A6',
      'a token says nothing of the password, no answer gives it back, and logging out makes the token useless',
      async () => {
        await add('tess');
        const session = await login('tess');
        const token = session.body['token'] as string;
        expect(token).toMatch(/^ol_[A-Za-z0-9_-]{43}$/);
        const me = await ask('GET', 'me', undefined, token);
        for (const { text } of [session, me]) expect(text).not.toMatch(new RegExp(`${PASSWORD}|argon2|hash`, 'i'));
        expect((await ask('DELETE', 'sessions/current', undefined, token)).status).toBe(204);
        expect((await ask('GET', 'me', undefined, token)).status).toBe(401);
      },
    ],
    [
      'A7',
      'who registers with a password can log in with it',
      async () => {
        await system.platform.json(['parameter', 'set', 'self_registration', 'true']);
        await becomes(
          'it is registered',
          async () => (await ask('POST', 'registrations', { userName: 'reg', password: PASSWORD }, '')).status,
          201,
        );
        expect((await login('reg')).status).toBe(201);
      },
    ],
    [
      'A8',
      'rights of a group apply, and the second role of a user counts as much as the first',
      async () => {
        await ask('PUT', 'groups/readers', { roles: [{ role: 'viewer' }] });
        const byGroup = await add('by-group');
        const byRole = await add('by-role', { roles: ['viewer', 'administrator'] });
        await ask('PUT', 'groups/readers/members', { members: ['by-group'] });
        const [grouped, second] = [await tokenOf('by-group'), await tokenOf('by-role')];
        await becomes('the group counts', async () => (await ask('GET', 'processes', undefined, grouped)).status, 200);
        expect((await ask('GET', 'users', undefined, grouped)).status).toBe(403);
        expect((await ask('GET', `users/${byGroup}`, undefined, second)).status).toBe(200);
        expect(byRole).not.toBe(byGroup);
      },
    ],
    [
      'A9',
      'a right holds for every path of its kind, with whatever stands in it',
      async () => {
        await buildText(system.platform, processOf('paths'));
        await add('walker', { roles: ['viewer'] });
        const token = await tokenOf('walker');
        for (const path of ['processes', 'processes/older-doors%2Fpaths', 'processes/older-doors%2Fpaths/versions']) {
          expect({ path, ...(await ask('GET', path, undefined, token)) }).toMatchObject({ status: 200 });
        }
        expect((await ask('DELETE', 'processes/older-doors%2Fpaths', undefined, token)).status).toBe(403);
      },
    ],
    [
      'A10',
      'roles that are given take the place of those before: none twice, and a removed user leaves nothing behind',
      async () => {
        const id = await add('roles', { roles: ['viewer'] });
        for (const roles of [['operator'], ['operator'], [], ['viewer']]) {
          const answer = await ask('PUT', `users/${id}/access`, { roles: roles.map((role) => ({ role })) });
          expect((answer.body['roles'] as { role: string }[]).map(({ role }) => role)).toEqual(roles);
        }
        expect((await login('roles')).status).toBe(201);
        expect((await ask('DELETE', `users/${id}`)).status).toBe(204);
        const { rows } = await pool.query<{ count: number }>(
          `select (select count(*) from access.role_assignment where user_id = $1)::int + (select count(*) from access.api_token where user_id = $1)::int
             + (select count(*) from access.login_session where user_id = $1)::int as count`,
          [id],
        );
        expect(rows).toEqual([{ count: 0 }]);
      },
    ],
    [
      'A11',
      'a filtered list gives everything that fits',
      async () => {
        for (const name of ['many1', 'many2', 'many3']) await add(name);
        expect((await ask('GET', 'users?search=many')).body['items']).toHaveLength(3);
      },
    ],
    [
      'A12',
      'a start answers with the id of the run, which says by which way it came',
      async () => {
        await buildText(system.platform, processOf('started'));
        const { status: answered, body } = await ask('POST', 'instances', { process: 'older-doors/started', origin: 'manual' });
        expect(answered).toBe(201);
        expect((await ask('GET', `instances/${body['id']}`)).body).toMatchObject({ id: body['id'], origin: 'manual', startedBy: 'admin' });
      },
    ],
    [
      'A13',
      'a resume that cannot be is answered with the reason, over HTTP and gRPC',
      async () => {
        const id = await start(system.platform, (await buildText(system.platform, processOf('over'))).id);
        await endOf(system.platform, id);
        const refused = { status: 409, body: { code: expect.any(String), allowed: expect.any(Array) } };
        expect(await ask('POST', `instances/${id}/resume`, {})).toMatchObject(refused);
        const none = '00000000-0000-7000-8000-000000000000';
        expect(await ask('POST', `instances/${none}/resume`, {})).toMatchObject({ status: 404, body: { code: 'instance.not-found' } });
        const answer = await original((client, metadata) =>
          callUnary(client, client.recoverProcess, { processInstanceId: id, recoverSchedule: false }, { deadlineMs: 5_000, metadata }),
        );
        expect(answer.code).toBe(409);
      },
    ],
    [
      'A20',
      'what is exported goes to whoever asks, for them alone, and what a spreadsheet would run is text',
      async () => {
        await ask('PUT', 'variables/formula', { type: 'string', value: '=1+1', description: '<script>' });
        await add('spreadsheet', { displayName: '=HYPERLINK("http://evil")' });
        const exports = await Promise.all(['Variable', 'User'].map((kind) => ask('GET', `audit/export?format=csv&kind=${kind}`)));
        expect(exports.map(({ text }) => [text.includes(',Variable,'), text.includes(',User,')])).toEqual([
          [true, false],
          [false, true],
        ]);
        for (const { text } of exports)
          expect(
            text
              .split('\r\n')
              .flatMap((line) => line.split(','))
              .filter((cell) => /^"?[=+@]/.test(cell)),
          ).toEqual([]);
      },
    ],
    [
      'A21',
      'an export has a heading for every cell, and a cell for every heading',
      async () => {
        for (const log of ['audit', 'api-log']) {
          const [headings = '', ...lines] = (await ask('GET', `${log}/export?format=ndjson`)).text.trim().split('\n');
          const members = Object.keys(JSON.parse(headings) as object);
          for (const line of lines.slice(0, 20)) expect(Object.keys(JSON.parse(line) as object)).toEqual(members);
          const [first = ''] = (await ask('GET', `${log}/export?format=csv`)).text.split('\r\n');
          expect(first.split(',').length).toBeGreaterThan(8);
        }
      },
    ],
    [
      'A22',
      'BuildProcessByDict builds, and its errors are answers',
      async () => {
        const build = (processInfo: string) =>
          original((client, metadata) =>
            callUnary(
              client,
              client.buildProcessByDict,
              {
                processInfo,
                taskNode: JSON.stringify([
                  { task_id: '1', task_name: 'start', method_name: 'start', task_type: 'start', next_id: '2' },
                  { task_id: '2', task_name: 'end', method_name: 'end', task_type: 'end' },
                ]),
                variable: '[]',
                clearDb: false,
              },
              { deadlineMs: 10_000, metadata },
            ),
          );
        expect(await build('{ not json')).toMatchObject({ code: 400, message: expect.stringContaining('process_info is not JSON') });
        const built = await build(JSON.stringify({ process_id: 'by-dict', process_name: 'by-dict' }));
        expect({ code: built.code, message: built.message }).toMatchObject({ code: 200 });
        expect(built.processId).not.toBe('');
      },
    ],
    [
      'A23',
      'the command line waits, shows logs and states, and its exit code is what became of the run',
      async () => {
        const good = await buildText(system.platform, processOf('good'));
        const bad = await buildText(system.platform, processOf('bad', '{ id: no, uses: fail, with: { message: disk is full } }'));
        expect((await system.platform.orderlines(['start-process', '-p_id', good.id, '--wait'])).code).toBe(0);
        const failed = await system.platform.orderlines(['start-process', '-p_id', bad.id, '--wait', '-o', 'json']);
        expect(failed.code).toBe(1);
        const { id } = JSON.parse(failed.stdout) as { id: string };
        for (const argv of [
          ['get', 'instance', id],
          ['logs', id],
          ['explain', id],
        ])
          expect((await system.platform.orderlines(argv)).code).toBe(0);
        expect((await system.platform.orderlines(['get', 'instance', 'none'])).code).toBe(2);
      },
    ],
    [
      'A24',
      'requests share a bounded pool of connections, and read what is committed',
      async () => {
        await Promise.all(Array.from({ length: 100 }, () => ask('GET', 'processes')));
        const { rows } = await pool.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity where application_name = 'orderlines-api-gateway'`,
        );
        expect(rows[0]?.count).toBeLessThanOrEqual(20);
        const { rows: levels } = await pool.query<{ default_transaction_isolation: string }>('show default_transaction_isolation');
        expect(levels).toEqual([{ default_transaction_isolation: 'read committed' }]);
      },
    ],
    [
      'A25',
      'the numbers of the home page and the logs are those of the runs that there are',
      async () => {
        const built = await buildText(system.platform, processOf('counted', '{ id: say, uses: log, with: { message: a line to find } }'));
        const before = await doneToday();
        const id = await start(system.platform, built.id);
        expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
        await eventually('it is counted', async () => (await doneToday()) === before + 1);
        expect((await ask('GET', `instances/${id}/logs`)).text).toContain('a line to find');
        expect((await ask('GET', 'api-log?path=overview')).body['items']).not.toEqual([]);
      },
    ],
    [
      'A26',
      'a value that is set can be taken away again',
      async () => {
        const id = await add('clear', { email: 'clear@shop.local', phone: '12345' });
        expect((await ask('PATCH', `users/${id}`, { email: null, phone: null })).body).toMatchObject({ email: null, phone: null });
      },
    ],
    [
      'A27',
      'a list tells of each thing itself, and not all that hangs on it',
      async () => {
        const { items } = (await ask('GET', 'processes')).body as { items: Record<string, unknown>[] };
        for (const item of items)
          for (const value of Object.values(item))
            expect(Array.isArray(value) && value.length > 0 && typeof value[0] === 'object').toBe(false);
        expect((await ask('GET', 'instances?limit=1')).body['items']).toEqual([expect.not.objectContaining({ tasks: expect.anything() })]);
      },
    ],
    [
      'A28',
      'who did it is who asked, whatever the request says',
      async () => {
        expect((await ask('POST', 'users', { userName: 'forged', password: PASSWORD, author: 'somebody' })).status).toBe(422);
        await add('honest');
        const { items } = (await ask('GET', 'audit?kind=User&subject=honest')).body as { items: { actor: string }[] };
        expect(items.map(({ actor }) => actor)).toEqual(['admin']);
        const run = await readRun(system.platform, await start(system.platform, (await buildText(system.platform, processOf('whose'))).id));
        expect((await ask('GET', `instances/${run.id}`)).body['startedBy']).toBe('admin');
      },
    ],
  ];
  const doneToday = async (): Promise<number> => ((await ask('GET', 'overview')).body['today'] as { SUCCESS?: number }).SUCCESS ?? 0;

  it.each(FAULTS)('%s: %s', async (_number, _sentence, holds) => holds());
});
