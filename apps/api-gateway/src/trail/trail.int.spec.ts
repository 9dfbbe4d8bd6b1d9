import { credentials, Metadata } from '@grpc/grpc-js';
import { createUser } from '@orderlines/persistence';
import { hashPassword, issueToken } from '@orderlines/auth';
import { ApiLogPage, AuditPage, AuditVerification, ParameterView } from '@orderlines/contracts';
import { callUnary, instanceRpc, processRpc } from '@orderlines/rpc';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const DEFINITION = 'apiVersion: orderlines/v1\nkind: Process\nname: traced\nflow: [{ id: a, uses: log, with: { message: x } }]\n';

describe('what gateways write down of requests', () => {
  let harness: GatewayHarness;
  let weakToken: string;

  beforeAll(async () => {
    harness = await startGatewayHarness();
    const { manager } = harness.source;
    const weak = await createUser(manager, { userName: 'weak', passwordHash: await hashPassword('never used in here') });
    weakToken = (await issueToken(manager, weak.id, 'test', 3_600_000)).token;
  }, 60_000);
  afterAll(() => harness.close());

  const eventually = async <Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> => {
    for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const answer = await ask();
      if (answer !== undefined) return answer;
    }
    throw new Error('not within 10 s');
  };
  const auditOf = async (query: string) => AuditPage.parse(await (await harness.ask('GET', `audit?${query}`)).json()).items;
  const logOf = async (query: string) => ApiLogPage.parse(await (await harness.ask('GET', `api-log?${query}`)).json()).items;
  const byWeak = { authorization: '' };
  beforeAll(() => {
    byWeak.authorization = `Bearer ${weakToken}`;
  });

  it('a change is in the audit trail with who, from where and for which request', async () => {
    const answer = await harness.ask('POST', 'processes', { content: DEFINITION }, { 'x-request-id': 'change-1' });
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([201, 'change-1']);
    const [record, ...more] = await auditOf('requestId=change-1');
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      ...{ actor: 'admin', door: 'http', action: 'publish', outcome: 'done', reason: null },
      subject: { kind: 'Process', name: 'traced', namespace: 'default' },
      after: { latestVersion: 1 },
    });
    expect(record?.address).toMatch(/127\.0\.0\.1/);
  });

  it('a change by a route that writes no record itself is there, too, and what only reads is not', async () => {
    await harness.ask('DELETE', 'processes/default%2Ftraced/draft', undefined, { 'x-request-id': 'net-0' });
    await harness.ask('POST', 'processes/validate', { content: DEFINITION }, { 'x-request-id': 'net-1' });
    await harness.ask('POST', 'processes', { content: DEFINITION, dry: true }, { 'x-request-id': 'net-2' });
    await harness.ask('POST', 'processes', { content: DEFINITION }, { 'x-request-id': 'net-3' });
    expect(await auditOf('requestId=net-1')).toEqual([]);
    expect(await auditOf('requestId=net-2')).toEqual([]);
    expect(await auditOf('requestId=net-3')).toMatchObject([{ outcome: 'done', subject: { kind: 'Process' } }]);
  });

  it('an attempt that is refused is there with the reason, also when it only wanted to see', async () => {
    await harness.ask('PUT', 'parameters/grace', { value: '5s' }, { ...byWeak, 'x-request-id': 'refused-1' });
    await harness.ask('GET', 'audit', undefined, { ...byWeak, 'x-request-id': 'refused-2' });
    await harness.ask('DELETE', 'processes/default%2Fgone', undefined, { 'x-request-id': 'refused-3' });
    const record = (id: string) => eventually(async () => (await auditOf(`requestId=${id}`))[0]);
    expect(await record('refused-1')).toMatchObject({
      ...{ actor: 'weak', action: 'write', outcome: 'refused', reason: { code: 'auth.not-allowed' } },
      subject: { kind: 'Parameter', id: 'grace' },
    });
    expect(await record('refused-2')).toMatchObject({ action: 'read', subject: { kind: 'AuditRecord' }, outcome: 'refused' });
    expect(await record('refused-3')).toMatchObject({ actor: 'admin', action: 'delete', reason: { code: 'process.not-found' } });
  });

  it('a failed login is there, and what strangers try otherwise is only in the API log', async () => {
    const nobody = { authorization: '' };
    await harness.ask('POST', 'sessions', { login: 'admin', password: 'wrong wrong' }, { ...nobody, 'x-request-id': 'login-1' });
    await harness.ask('DELETE', 'processes/x', undefined, { authorization: 'Bearer nonsense', 'x-request-id': 'login-2' });
    const failed = await eventually(async () => (await auditOf('requestId=login-1'))[0]);
    expect(failed).toMatchObject({ actor: 'anonymous', subject: { kind: 'Session', name: 'admin' }, reason: { code: 'auth.wrong-login' } });
    expect(JSON.stringify(failed)).not.toContain('wrong wrong');
    const entry = await eventually(async () => (await logOf('requestId=login-2'))[0]);
    expect(entry).toMatchObject({ method: 'DELETE', status: 401, visitor: 'anonymous' });
    expect(await auditOf('requestId=login-2')).toEqual([]);
  });

  it('a login is there under the name of who has logged in, in the trail and in the API log', async () => {
    const session = { login: 'admin', password: harness.password };
    await harness.ask('POST', 'sessions', session, { authorization: '', 'x-request-id': 'login-3' });
    expect(await auditOf('requestId=login-3')).toMatchObject([{ actor: 'admin', action: 'login', after: { method: 'password' } }]);
    expect(await eventually(async () => (await logOf('requestId=login-3'))[0])).toMatchObject({ status: 201, visitor: 'admin' });
  });

  it('every request is in the API log: path, method, status, duration, visitor and message', async () => {
    await harness.ask('GET', 'processes/default%2Fnone?secret=x', undefined, { 'x-request-id': 'log-1' });
    const entry = await eventually(async () => (await logOf('requestId=log-1'))[0]);
    expect(entry).toMatchObject({ door: 'http', method: 'GET', path: '/api/v1/processes/default%2Fnone', status: 404, visitor: 'admin' });
    expect(entry.durationMs).toBeGreaterThan(0);
    expect(entry.message).toContain('default/none');
    expect((await logOf('minStatus=500')).length).toBe(0);
    expect((await logOf('path=%2Fprocesses%2Fdefault&visitor=admin')).length).toBeGreaterThan(0);
  });

  it('calls of gRPC are written down like requests of HTTP', async () => {
    const client = new processRpc.ProcessServiceClient(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    const metadata = (token: string, id: string) => {
      const made = new Metadata();
      made.set('authorization', `Bearer ${token}`);
      made.set('x-request-id', id);
      return made;
    };
    const build = (token: string, id: string) =>
      callUnary(
        client,
        client.buildProcess,
        { content: DEFINITION.replace('traced', id), format: 0, draft: false, dry: false },
        {
          deadlineMs: 10_000,
          metadata: metadata(token, id),
        },
      );
    await build(harness.token, 'rpc-1');
    const runs = new instanceRpc.InstanceServiceClient(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    const stop = { id: 'no run', force: false, idempotencyKey: '' };
    const options = { deadlineMs: 10_000, metadata: metadata(harness.token, 'rpc-2') };
    await expect(callUnary(runs, runs.stopInstance, stop, options)).rejects.toThrow();
    for (const opened of [client, runs]) opened.close();
    expect(await auditOf('requestId=rpc-1')).toMatchObject([{ actor: 'admin', door: 'grpc', action: 'publish' }]);
    expect(await eventually(async () => (await auditOf('requestId=rpc-2'))[0])).toMatchObject({
      ...{ actor: 'admin', action: 'operate', outcome: 'refused', reason: { code: 'instance.not-found' } },
    });
    const entry = await eventually(async () => (await logOf('requestId=rpc-2'))[0]);
    expect(entry).toMatchObject({ door: 'grpc', method: 'RPC', path: '/orderlines.instance.v1.InstanceService/StopInstance', status: 404 });
  });

  it('the trail is linked and intact, and pages go through all of it', async () => {
    const verified = await eventually(async () => {
      const answer = AuditVerification.parse(await (await harness.ask('GET', 'audit/verification')).json());
      return answer.pending === 0 ? answer : undefined;
    });
    expect(verified).toMatchObject({ intact: true, signature: 'none', problems: [] });
    const first = AuditPage.parse(await (await harness.ask('GET', 'audit?limit=2')).json());
    const second = AuditPage.parse(await (await harness.ask('GET', `audit?limit=2&cursor=${first.nextCursor}`)).json());
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect([new Set(ids).size, ids.toSorted().toReversed()]).toEqual([4, ids]);
  });

  it('both are exported as CSV and as lines of JSON', async () => {
    const csv = await harness.ask('GET', 'audit/export?actor=weak');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect((await csv.text()).split('\r\n')[0]).toContain('number,at,actor');
    const lines = (await (await harness.ask('GET', 'api-log/export?format=ndjson&visitor=weak')).text()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { visitor: string }).visitor)).toEqual(lines.map(() => 'weak'));
  });

  it('a parameter is changed, shown with its default, and given it again', async () => {
    const changed = ParameterView.parse(await (await harness.ask('PUT', 'parameters/task_timeout', { value: '30m' })).json());
    expect(changed).toMatchObject({ value: '30m', default: '1h', updatedBy: 'admin', readBy: ['executor'] });
    const refused = await harness.ask('PUT', 'parameters/task_timeout', { value: 'soon' });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([422, 'parameter.invalid']);
    const again = ParameterView.parse(await (await harness.ask('DELETE', 'parameters/task_timeout')).json());
    expect(again).toMatchObject({ value: '1h', version: null });
    expect(await auditOf('kind=Parameter&outcome=done')).toHaveLength(2);
  });
});
