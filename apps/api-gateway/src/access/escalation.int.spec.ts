import type { PermissionRule } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const PASSWORD = 'correct horse battery';

/** What people try who have some rights and want more. */
describe('a right that was meant for less gives no more', () => {
  let harness: GatewayHarness;
  const tokens = new Map<string, string>();
  const ids = new Map<string, string>();
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await person('helper', [{ action: 'write', subject: 'User' }]);
    await person('only-bob', [
      { action: 'write', subject: 'User', conditions: { name: 'bob' } },
      { action: 'read', subject: 'User', conditions: { name: 'bob' } },
    ]);
    await person('bob', []);
    await person('eve', []);
    await person('granter', [{ action: 'grant', subject: 'Permission' }]);
    await person('phones', [
      { action: 'write', subject: 'User', fields: ['phone'] },
      { action: 'read', subject: 'User', fields: ['phone'] },
    ]);
    await person('tokens', [{ action: 'write', subject: 'Token' }]);
    await person('appointer', [{ action: 'appoint', subject: 'Group' }]);
    await person('quotas', [{ action: 'write', subject: 'Namespace', fields: ['maxProcesses'] }]);
    const inShop = (subject: 'Process' | 'Schedule' | 'Secret' | 'Variable'): PermissionRule => ({
      ...{ action: 'manage', subject },
      conditions: { namespace: 'shop' },
    });
    await person('shopper', [inShop('Process'), inShop('Schedule'), inShop('Secret'), inShop('Variable')]);
    for (const namespace of ['shop', 'bank']) {
      expect(await ask('admin', 'POST', 'processes', { content: definition(namespace, 'base') })).toMatchObject({ status: 201 });
    }
  });
  afterAll(() => harness?.close());

  const ask = async (who: string, method: string, path: string, body?: unknown) => {
    const token = tokens.get(who);
    const answer = await harness.ask(method, path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>> };
  };
  const person = async (userName: string, rules: readonly PermissionRule[]): Promise<void> => {
    await ask('admin', 'PUT', `roles/${userName}`, { rules });
    const { status, body } = await ask('admin', 'POST', 'users', {
      userName,
      password: PASSWORD,
      email: `${userName}@shop.local`,
      roles: [userName],
    });
    expect(status).toBe(201);
    ids.set(userName, body['id'] as string);
    tokens.set(userName, (await ask('admin', 'POST', 'sessions', { login: userName, password: PASSWORD })).body['token'] as string);
  };
  const definition = (namespace: string, name: string, node: object = { id: 'done', type: 'end' }) =>
    JSON.stringify({ apiVersion: 'orderlines/v1', kind: 'Process', namespace, name, flow: [node] });
  const refused = { status: 403, body: { code: 'auth.not-allowed' } };

  it('a right on one user is none on another, in lists neither', async () => {
    expect(await ask('only-bob', 'PATCH', `users/${ids.get('bob')}`, { displayName: 'Bob' })).toMatchObject({ status: 200 });
    expect(await ask('only-bob', 'PATCH', `users/${ids.get('eve')}`, { displayName: 'Eve' })).toMatchObject({ status: 404 });
    expect(await ask('only-bob', 'POST', `users/${ids.get('eve')}/password-reset`, {})).toMatchObject({ status: 404 });
    expect(await ask('only-bob', 'PATCH', `users/${ids.get('bob')}`, { userName: 'other' })).toMatchObject(refused);
    expect(await ask('only-bob', 'POST', 'users', { userName: 'carl' })).toMatchObject(refused);
    expect((await ask('only-bob', 'GET', 'users')).body['items']).toMatchObject([{ userName: 'bob' }]);
  });

  it('who looks after users takes over nobody who may grant rights, and no administrator', async () => {
    for (const [method, path, body] of [
      ['POST', 'password-reset', {}],
      ['PATCH', '', { email: 'mine@evil.local' }],
      ['DELETE', 'second-factor', undefined],
    ] as const) {
      const of = (who: string) => ask('helper', method, `users/${who}${path && `/${path}`}`, body);
      expect(await of(ids.get('granter') ?? '')).toMatchObject(refused);
      const [admin] = await harness.source.query<{ id: string }[]>(`select id from access.user_account where user_name = 'admin'`);
      expect(await of(admin?.id ?? '')).toMatchObject(refused);
    }
    expect(await ask('helper', 'POST', `users/${ids.get('eve')}/password-reset`, {})).toMatchObject({ status: 200 });
    expect(await ask('helper', 'POST', 'users', { userName: 'mine', roles: ['administrator'] })).toMatchObject(refused);
    expect(await ask('helper', 'PATCH', `users/${ids.get('helper')}`, { administrator: true })).toMatchObject(refused);
  });

  it('a token that may do less than its owner does nothing to its owner by the routes of other users', async () => {
    const rules: PermissionRule[] = [{ action: 'write', subject: 'User' }];
    const scoped = await ask('helper', 'POST', 'me/tokens', { name: 'scoped', rules });
    tokens.set('scoped', scoped.body['token'] as string);
    expect(await ask('scoped', 'POST', `users/${ids.get('helper')}/password-reset`, {})).toMatchObject(refused);
    expect(await ask('scoped', 'POST', `users/${ids.get('eve')}/password-reset`, {})).toMatchObject({ status: 200 });
    expect(await ask('scoped', 'POST', 'me/tokens', { name: 'wider' })).toMatchObject(refused);
  });

  it('a token with rules wider than its owner does what its owner may, and no more', async () => {
    const wide = await ask('bob', 'POST', 'me/tokens', { name: 'wide', rules: [{ action: 'manage', subject: 'all' }] });
    tokens.set('wide', wide.body['token'] as string);
    expect(await ask('wide', 'GET', 'users')).toMatchObject(refused);
    expect(await ask('wide', 'PUT', 'users/bob/access', { roles: [{ role: 'administrator' }] })).toMatchObject(refused);
  });

  it('who makes tokens of service accounts makes none of one that may grant rights', async () => {
    const service = (await ask('admin', 'POST', 'users', { userName: 'root-bot', kind: 'service', roles: ['administrator'] })).body['id'];
    expect(await ask('tokens', 'POST', `users/${service}/tokens`, { name: 'x' })).toMatchObject(refused);
    const weak = (await ask('admin', 'POST', 'users', { userName: 'bot', kind: 'service', roles: ['viewer'] })).body['id'];
    expect(await ask('tokens', 'POST', `users/${weak}/tokens`, { name: 'x' })).toMatchObject({ status: 201 });
  });

  it('who appoints members of groups appoints nobody to one whose members may grant rights', async () => {
    await ask('admin', 'PUT', 'groups/chiefs', { roles: [{ role: 'administrator' }] });
    await ask('admin', 'PUT', 'groups/crew', { roles: [{ role: 'viewer' }] });
    expect(await ask('appointer', 'PUT', 'groups/chiefs/members', { members: ['appointer'] })).toMatchObject(refused);
    expect(await ask('appointer', 'PUT', 'groups/crew/members', { members: ['appointer'] })).toMatchObject({ status: 200 });
  });

  it('a rule on fields reads and changes only these', async () => {
    const eve = `users/${ids.get('eve')}`;
    expect(await ask('phones', 'PATCH', eve, { phone: '12345' })).toMatchObject({ status: 200, body: { phone: '12345', email: null } });
    for (const body of [{ email: 'a@b.de' }, { phone: '1234', enabled: false }, { administrator: true }]) {
      expect(await ask('phones', 'PATCH', eve, body)).toMatchObject(refused);
    }
    for (const path of ['password-reset', 'unlock']) expect(await ask('phones', 'POST', `${eve}/${path}`, {})).toMatchObject(refused);
    for (const path of ['sessions', 'second-factor']) expect(await ask('phones', 'DELETE', `${eve}/${path}`)).toMatchObject(refused);
    expect(await ask('phones', 'POST', 'users', { userName: 'new', phone: '123456' })).toMatchObject(refused);
    expect(await ask('phones', 'GET', eve)).toMatchObject({ status: 200, body: { phone: '12345', email: null, departmentId: null } });
    const found = async (search: string) =>
      (await ask('phones', 'GET', `users?search=${search}`)).body['items'] as { email: string | null }[];
    expect((await found('eve')).map(({ email }) => email)).toEqual([null]);
    expect(await found('eve@shop')).toEqual([]);
    expect(await found('12345')).toHaveLength(1);
    expect(await ask('quotas', 'PUT', 'namespaces/shop', { maxProcesses: 50 })).toMatchObject({ status: 200 });
    expect(await ask('quotas', 'PUT', 'namespaces/shop', { maxProcesses: 50, maxUnfinishedRuns: 1 })).toMatchObject(refused);
    expect(await ask('quotas', 'PUT', 'namespaces/brand-new', { maxProcesses: 50 })).toMatchObject(refused);
    const rules = [{ action: 'read', subject: 'Process', fields: ['name'] }];
    expect(await ask('admin', 'PUT', 'roles/of-fields', { rules })).toMatchObject({ status: 422 });
  });

  it('nothing of another namespace is reached by naming it in a body', async () => {
    const child = { id: 'go', type: 'process', process: 'bank/base' };
    expect(await ask('shopper', 'POST', 'processes', { content: definition('shop', 'crossing', child) })).toMatchObject({ status: 404 });
    expect(
      await ask('shopper', 'POST', 'processes', { content: definition('shop', 'own', { ...child, process: 'shop/base' }) }),
    ).toMatchObject({
      status: 201,
    });
    expect(await ask('shopper', 'POST', 'processes', { content: definition('bank', 'mine') })).toMatchObject(refused);
    const draft = { content: definition('bank', 'base') };
    expect((await ask('shopper', 'PUT', 'processes/shop%2Fown/draft', draft)).status).toBeLessThan(300);
    expect((await ask('shopper', 'POST', 'processes/shop%2Fown/draft/publish', {})).status).toBeGreaterThanOrEqual(400);
    const plan = { trigger: { type: 'interval', every: '1h' } };
    const schedule = { namespace: 'shop', name: 'crossing', process: 'bank/base', plan };
    expect((await ask('shopper', 'POST', 'schedules', schedule)).status).toBe(404);
    for (const path of ['secrets/key', 'variables/key']) {
      const value = path.startsWith('secrets') ? { value: 'a long secret' } : { type: 'string', value: 'x' };
      expect(await ask('shopper', 'PUT', `${path}?namespace=bank`, value)).toMatchObject(refused);
      expect(await ask('shopper', 'PUT', path, value)).toMatchObject(refused);
      expect(await ask('shopper', 'DELETE', `${path}?namespace=bank`)).toMatchObject(refused);
    }
    expect(await ask('shopper', 'POST', 'instances', { process: 'bank/base' })).toMatchObject({ status: 404 });
  });

  it('says of somebody whom nobody has let in that they may do nothing', async () => {
    await harness.pool.query(`update access.user_account set approved = false where user_name = 'granter'`);
    const why = await ask('admin', 'GET', 'permissions/explanation?user=granter&action=grant&subject=Permission');
    expect(why.body).toMatchObject({ allowed: false, text: expect.stringContaining('not been let in') });
    const who = (await ask('admin', 'GET', 'permissions/holders?action=grant&subject=Permission')).body['items'] as { user: string }[];
    expect(who.map(({ user }) => user)).not.toContain('granter');
  });
});
