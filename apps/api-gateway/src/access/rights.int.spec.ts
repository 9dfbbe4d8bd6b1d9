import { addUser, issueToken } from '@orderlines/auth';
import type { PermissionRule } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const HOUR_MS = 3_600_000;
const PLAN = { trigger: { type: 'cron', expression: '0 2 * * *' }, zone: 'UTC' };

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const definition = (namespace: string, name: string, labels: Readonly<Record<string, string>> = {}) => ({
  content: JSON.stringify({
    apiVersion: 'orderlines/v1',
    kind: 'Process',
    ...{ namespace, name, labels },
    flow: [{ id: 'done', type: 'end' }],
  }),
});

describe('roles, groups and namespaces', () => {
  let harness: GatewayHarness;
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    harness = await startGatewayHarness();
    for (const userName of ['ann', 'bob', 'eve']) {
      const { id } = await addUser(harness.source.manager, { userName, password: 'correct horse battery' });
      tokens.set(userName, (await issueToken(harness.source.manager, id, 'test', HOUR_MS)).token);
    }
    for (const [namespace, name] of [
      ['shop', 'pay'],
      ['bank', 'book'],
    ] as const) {
      await ask('admin', 'POST', 'processes', definition(namespace, name, { team: namespace === 'shop' ? 'red' : 'blue' }));
    }
  });
  afterAll(() => harness?.close());

  const ask = async (who: string, method: string, path: string, body?: unknown): Promise<Answer> => {
    const token = tokens.get(who);
    const answer = await harness.ask(method, path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  };

  /** Changes what somebody may do, and waits until every gateway has noticed. */
  const give = async (who: string, access: object): Promise<void> => {
    expect(await ask('admin', 'PUT', `users/${who}/access`, access)).toMatchObject({ status: 200 });
    await noticed();
  };
  const noticed = () => new Promise((resolve) => setTimeout(resolve, 1_100));
  const names = async (who: string): Promise<string[]> =>
    ((await ask(who, 'GET', 'processes')).body['items'] as { name: string }[] | undefined)?.map(({ name }) => name) ?? [];

  it('a user without roles may do nothing, and is told which right is missing', async () => {
    expect(await ask('ann', 'GET', 'processes')).toMatchObject({
      status: 403,
      body: { code: 'auth.not-allowed', detail: expect.stringContaining('"read Process"') },
    });
    expect(await ask('ann', 'GET', 'permissions/mine')).toEqual({ status: 200, body: { roles: [], groups: [], rules: [] } });
  });

  it('a role in a namespace shows that namespace and hides the others as if they were not there', async () => {
    await give('ann', { roles: [{ role: 'operator', namespace: 'shop' }] });
    expect(await names('ann')).toEqual(['pay']);
    expect(await ask('ann', 'GET', 'processes/shop%2Fpay')).toMatchObject({ status: 200 });
    const hidden = await ask('ann', 'GET', 'processes/bank%2Fbook');
    const missing = await ask('ann', 'GET', 'processes/bank%2Fnone');
    expect(hidden).toMatchObject({ status: 404, body: { code: 'process.not-found' } });
    expect(JSON.stringify(hidden).replace('book', 'none')).toBe(JSON.stringify(missing));
    expect(await ask('ann', 'DELETE', 'processes/shop%2Fpay')).toMatchObject({ status: 403, body: { code: 'auth.not-allowed' } });
    expect(await ask('ann', 'POST', 'instances', { process: 'bank/book' })).toMatchObject({ status: 404 });
    expect(await ask('ann', 'POST', 'processes', definition('shop', 'own'))).toMatchObject({ status: 403 });
    expect(await ask('ann', 'POST', 'signals', { namespace: 'bank', name: 'x', key: '1' })).toMatchObject({ status: 403 });
    expect((await ask('ann', 'GET', 'namespaces')).body['items']).toMatchObject([{ name: 'shop' }]);
  });

  it.each(['instances', 'tasks', 'schedules', 'triggers'])(
    '%s of a process that is hidden are asked for as those of none',
    async (list) => {
      await give('ann', { roles: [{ role: 'operator', namespace: 'shop' }] });
      expect(await ask('ann', 'GET', `${list}?process=shop%2Fpay`)).toMatchObject({ status: 200, body: { items: [] } });
      const hidden = await ask('ann', 'GET', `${list}?process=bank%2Fbook`);
      const missing = await ask('ann', 'GET', `${list}?process=bank%2Fnone`);
      expect(hidden).toMatchObject({ status: 404, body: { code: 'process.not-found' } });
      expect(JSON.stringify(hidden).replaceAll('book', 'none')).toBe(JSON.stringify(missing));
    },
  );

  it('manifests that name a hidden process are told what those are told that name none', async () => {
    await give('ann', { roles: [{ role: 'developer', namespace: 'shop' }] });
    const planned = async (process: string) => {
      const content = JSON.stringify({
        apiVersion: 'orderlines/v1',
        kind: 'Schedule',
        namespace: 'shop',
        name: 'nightly',
        process,
        plan: PLAN,
      });
      return ask('ann', 'POST', 'manifests', { files: [{ name: 'nightly.json', content }], dry: true });
    };
    const [hidden, missing] = [await planned('bank/book'), await planned('bank/none')];
    expect(hidden).toMatchObject({ body: { valid: false, problems: [{ code: 'manifest.process-missing' }] } });
    expect(JSON.stringify(hidden).replaceAll('book', 'none')).toBe(JSON.stringify(missing));
  });

  it('a changed assignment takes away what it does not name any more', async () => {
    await give('ann', { roles: [{ role: 'viewer', namespace: 'bank' }] });
    expect(await names('ann')).toEqual(['book']);
    await give('ann', { roles: [] });
    expect(await ask('ann', 'GET', 'processes')).toMatchObject({ status: 403 });
  });

  it('groups give their rules and roles to their members; what one forbids wins over all that others allow', async () => {
    const rules: PermissionRule[] = [
      { action: 'read', subject: 'Process', conditions: { 'labels.team': 'red' } },
      { action: 'read', subject: 'Group', conditions: { name: 'crew' } },
    ];
    expect(await ask('admin', 'PUT', 'groups/crew', { rules, owner: 'eve' })).toMatchObject({ status: 200 });
    expect(await ask('admin', 'PUT', 'groups/crew/members', { members: ['ann', 'bob'] })).toMatchObject({
      status: 200,
      body: { members: ['ann', 'bob'] },
    });
    await noticed();
    expect([await names('ann'), await names('bob')]).toEqual([['pay'], ['pay']]);
    expect(await ask('ann', 'PUT', 'groups/crew/members', { members: ['ann'] })).toMatchObject({ status: 403 });
    const deny: PermissionRule = { action: 'manage', subject: 'Process', conditions: { namespace: 'shop' }, inverted: true };
    expect(await ask('admin', 'PUT', 'groups/barred', { rules: [deny] })).toMatchObject({ status: 200 });
    await give('ann', { groups: ['crew', 'barred'], roles: [{ role: 'developer' }] });
    expect(await names('ann')).toEqual(['book']);
    expect(await ask('ann', 'GET', 'processes/shop%2Fpay')).toMatchObject({ status: 404 });
    expect(await ask('admin', 'DELETE', 'groups/barred')).toMatchObject({ status: 204 });
    await noticed();
    expect(await names('ann')).toEqual(['book', 'pay']);
  });

  it('the owner of a group appoints its members, and nobody else of them may', async () => {
    const rules: PermissionRule[] = [{ action: 'manage', subject: 'Group', conditions: { owner: '$me' } }];
    expect(await ask('admin', 'PUT', 'roles/group-owner', { rules })).toMatchObject({ status: 200, body: { builtIn: false, holders: 0 } });
    await give('eve', { roles: [{ role: 'group-owner' }] });
    expect(await ask('eve', 'PUT', 'groups/crew/members', { members: ['bob'] })).toMatchObject({ status: 200, body: { members: ['bob'] } });
    expect(await ask('eve', 'PUT', 'groups/crew', { rules: [{ action: 'manage', subject: 'all' }] })).toMatchObject({ status: 403 });
    expect(await ask('eve', 'PUT', 'users/eve/access', { roles: [{ role: 'administrator' }] })).toMatchObject({ status: 403 });
  });

  it('says what somebody may do, why, why not, and who may', async () => {
    expect((await ask('admin', 'GET', 'users/bob/access')).body).toMatchObject({
      groups: ['crew'],
      grants: [{ group: 'crew', rule: { subject: 'Process' } }, { group: 'crew' }],
    });
    const why = (object: string) =>
      ask('admin', 'GET', `permissions/explanation?user=bob&action=read&subject=Process&object=${encodeURIComponent(object)}`);
    expect(await why('shop/pay')).toMatchObject({
      body: { allowed: true, text: 'bob may see processes, their versions and drafts: allowed by group crew.' },
    });
    expect(await why('bank/book')).toMatchObject({ body: { allowed: false, grants: [{ effect: 'does-not-concern' }] } });
    expect((await ask('admin', 'GET', 'permissions/explanation?user=bob&action=start&subject=Process')).body['text']).toContain(
      'no role or group gives',
    );
    const who = (await ask('admin', 'GET', 'permissions/holders?action=read&subject=Process&object=shop%2Fpay')).body['items'];
    expect((who as { user: string }[]).map(({ user }) => user)).toEqual(['admin', 'ann', 'bob']);
    expect(await ask('admin', 'GET', 'permissions/explanation?user=nobody&action=read&subject=Process')).toMatchObject({ status: 404 });
  });

  it('the catalogue says of every right which routes and rpcs need it', async () => {
    const items = (await ask('bob', 'GET', 'permissions')).body['items'] as {
      subject: string;
      action: string;
      routes: string[];
      rpcs: string[];
    }[];
    expect(items.find(({ subject, action }) => subject === 'Process' && action === 'start')).toMatchObject({
      routes: expect.arrayContaining(['POST /api/v1/instances']),
      rpcs: expect.arrayContaining(['/orderlines.instance.v1.InstanceService/StartInstance']),
    });
  });

  it('built-in roles cannot be changed, unknown names are refused, departments stay a tree', async () => {
    expect(await ask('admin', 'PUT', 'roles/Viewer', { rules: [] })).toMatchObject({ status: 409, body: { code: 'role.built-in' } });
    expect(await ask('admin', 'PUT', 'users/ann/access', { roles: [{ role: 'none' }] })).toMatchObject({
      status: 422,
      body: { code: 'role.unknown' },
    });
    expect(await ask('admin', 'PUT', 'users/ann/access', { roles: [{ role: 'viewer', namespace: 'none' }] })).toMatchObject({
      status: 422,
    });
    const add = async (name: string, parentId: string | null) =>
      String((await ask('admin', 'POST', 'departments', { name, parentId })).body['id']);
    const top = await add('Sales', null);
    const below = await add('Europe', top);
    expect(await ask('admin', 'PUT', `departments/${top}`, { name: 'Sales', parentId: below })).toMatchObject({
      status: 409,
      body: { code: 'department.circle' },
    });
    expect(await ask('admin', 'POST', 'departments', { name: 'europe', parentId: top })).toMatchObject({ status: 409 });
    expect(await ask('admin', 'PUT', 'users/ann/access', { departmentId: below })).toMatchObject({ body: { departmentId: below } });
    expect(await ask('admin', 'DELETE', `departments/${below}`)).toMatchObject({ status: 409, body: { code: 'department.in-use' } });
    expect((await ask('admin', 'GET', 'departments')).body['items']).toMatchObject([
      { path: 'Sales' },
      { path: 'Sales / Europe', users: 1 },
    ]);
  });

  it('a namespace holds as many processes as it may, and everybody has its default roles there', async () => {
    expect(await ask('admin', 'PUT', 'namespaces/small', { maxProcesses: 1, defaultRoles: ['viewer'] })).toMatchObject({ status: 200 });
    expect(await ask('admin', 'POST', 'processes', definition('small', 'one'))).toMatchObject({ status: 201 });
    expect(await ask('admin', 'POST', 'processes', definition('small', 'two'))).toMatchObject({
      status: 409,
      body: { code: 'namespace.quota' },
    });
    await noticed();
    expect(await names('eve')).toEqual(['one']);
    expect(await ask('admin', 'DELETE', 'namespaces/small')).toMatchObject({ status: 409, body: { code: 'namespace.in-use' } });
    expect(await ask('admin', 'PUT', 'namespaces/small', {})).toMatchObject({
      status: 200,
      body: { maxProcesses: null, defaultRoles: [] },
    });
  });

  it('in the mode of roles groups count nothing, in the mode of groups roles do not', async () => {
    await give('ann', { roles: [{ role: 'viewer', namespace: 'bank' }], groups: ['crew'] });
    const inMode = async (mode: string): Promise<string[]> => {
      await harness.pool.query(
        `insert into system.parameter (name, value) values ('access_mode', $1) on conflict (name) do update set value = excluded.value`,
        [JSON.stringify(mode)],
      );
      await noticed();
      return names('ann');
    };
    expect([await inMode('roles'), await inMode('groups'), await inMode('both')]).toEqual([['book'], ['pay'], ['book', 'pay']]);
  });
});
