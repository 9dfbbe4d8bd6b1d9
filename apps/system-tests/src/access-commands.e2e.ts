import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { eventually } from './harness/eventually.js';
import { buildText } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const PASSWORD = 'correct horse battery';
const [OLD_KEY, NEW_KEY] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

/** Every command of access and administration does its work on a system as it is installed. */
describe('on the command line', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  beforeAll(async () => {
    system = await startWholeSystem({ secretKey: OLD_KEY });
    folder = await temporaryFolder('access-commands');
    await buildText(
      system.platform,
      `apiVersion: orderlines/v1\nkind: Process\nnamespace: shop\nname: release\nflow: [{ id: say, uses: log, with: { message: "\${{ config.region }} \${{ secrets.key }}" } }]`,
    );
  });
  afterAll(async () => {
    await system?.close();
    await folder?.remove();
  });

  const json = <Answer>(...argv: string[]): Promise<Answer> => system.platform.json<Answer>(argv);
  const code = async (...argv: string[]): Promise<number> => (await system.platform.orderlines(argv)).code;
  /** A command as somebody else, with files of their own. */
  const as = (token: string, ...argv: string[]) =>
    system.platform.orderlines(argv, { environment: { ORDERLINES_TOKEN: token, XDG_CONFIG_HOME: folder.path } });
  const items = async <Item>(...argv: string[]): Promise<Item[]> => (await json<{ items: Item[] }>(...argv)).items;

  /** Rights are believed for a second. */
  const expectSoon = (argv: readonly string[], answer: object) =>
    eventually(argv.join(' '), async () => {
      expect(await json(...argv)).toMatchObject(answer);
      return true;
    });

  it('roles are set, listed, held by users, explained and deleted', async () => {
    await json('create-user', '-u', 'bob', '-p', PASSWORD, '--email', 'bob@shop.local');
    await json(
      'role',
      'set',
      'deployer',
      '--allow',
      'start Process namespace=shop',
      '--allow',
      'read Process',
      '--deny',
      'start Process name=secret',
    );
    expect((await items<{ name: string; rules: unknown[] }>('role', 'list')).find(({ name }) => name === 'deployer')?.rules).toHaveLength(
      3,
    );
    expect(await code('may', 'bob', 'start', 'Process', 'shop/release')).toBe(0);
    await expectSoon(['may', 'bob', 'start', 'Process', 'shop/release'], { allowed: false });
    await json('grant', 'bob', '--role', 'deployer', 'viewer@shop');
    await expectSoon(['may', 'bob', 'start', 'Process', 'shop/release'], {
      allowed: true,
      grants: [{ role: 'deployer' }, {}],
    });
    await expectSoon(['may', 'bob'], { user: 'bob', roles: [{ role: 'deployer' }, { role: 'viewer', namespace: 'shop' }] });
    await expectSoon(['who-may', 'start', 'Process', 'shop/release'], { items: [{ user: 'admin' }, { user: 'bob' }] });
    await json('grant', 'bob', '--no-role');
    expect(await code('role', 'delete', 'deployer')).toBe(0);
    await expectSoon(['who-may', 'start', 'Process', 'shop/release'], { items: [{ user: 'admin' }] });
    expect(await code('role', 'delete', 'viewer')).toBe(2);
  });

  it('a rule may be limited to fields, and is shown so', async () => {
    await json('role', 'set', 'phones', '--allow', 'write User fields=phone+email');
    const { stdout } = await system.platform.orderlines(['role', 'list']);
    expect(stdout).toContain('write User (fields=phone+email)');
    expect(await code('role', 'set', 'phones', '--allow', 'write User fields=nonsense')).toBe(2);
  });

  it('groups are set with an owner and members, and give what they have', async () => {
    await json('group', 'set', 'night-shift', '--role', 'operator@shop', '--owner', 'bob');
    await json('group', 'members', 'night-shift', 'bob');
    expect(await items('group', 'list')).toMatchObject([{ name: 'night-shift', owner: 'bob', members: ['bob'] }]);
    await expectSoon(['may', 'bob', 'operate', 'Instance', '-n', 'shop'], { allowed: true });
    await expectSoon(['may', 'bob', 'operate', 'Instance', '-n', 'bank'], { allowed: false });
    expect(await code('group', 'delete', 'night-shift')).toBe(0);
    await expectSoon(['may', 'bob', 'operate', 'Instance', '-n', 'shop'], { allowed: false });
  });

  it('departments are added below one another, hold people, and are deleted when they are empty', async () => {
    const top = await json<{ id: string }>('department', 'add', 'Sales');
    const below = await json<{ id: string; path: string }>('department', 'add', 'Europe', '--parent', top.id);
    expect(below.path).toBe('Sales / Europe');
    await json('grant', 'bob', '--department', below.id);
    expect(await code('department', 'delete', below.id)).toBe(2);
    await json('grant', 'bob', '--no-department');
    for (const { id } of [below, top]) expect(await code('department', 'delete', id)).toBe(0);
    expect(await items('department', 'list')).toEqual([]);
  });

  it('namespaces have quotas and default roles, which hold', async () => {
    await json('namespace', 'set', 'small', '--max-processes', '1', '--max-runs', '0', '--default-role', 'viewer');
    const build = (name: string) =>
      buildText(
        system.platform,
        `apiVersion: orderlines/v1\nkind: Process\nnamespace: small\nname: ${name}\nflow: [{ id: end, type: end }]`,
      );
    await build('one');
    await expect(build('two')).rejects.toThrow('namespace.quota');
    await eventually('executors have noticed the quota', async () => {
      const started = await system.platform.orderlines(['start-process', 'small/one']);
      expect([started.code, started.stderr]).toEqual([2, expect.stringContaining('have its quota raised')]);
      return true;
    });
    await expectSoon(['may', 'bob', 'read', 'Process', 'small/one'], { allowed: true, grants: [{ everybody: true }] });
    expect(await code('namespace', 'delete', 'small')).toBe(2);
    await json('namespace', 'set', 'empty');
    expect(await code('namespace', 'delete', 'empty')).toBe(0);
    expect((await items<{ name: string }>('namespace', 'list')).map(({ name }) => name)).toEqual(['default', 'shop', 'small']);
  });

  it('users are listed, shown, disabled, enabled, unlocked, logged out, given another password and deleted', async () => {
    const login = () => as('', 'login', '-u', 'bob', '-p', PASSWORD);
    expect((await json<{ userName: string }[]>('users', 'list', '--search', 'bob@shop')).map(({ userName }) => userName)).toEqual(['bob']);
    expect((await login()).code).toBe(0);
    await json('users', 'disable', 'bob');
    expect((await login()).code).toBe(3);
    await json('users', 'enable', 'bob');
    await json('users', 'unlock', 'bob');
    expect((await login()).code).toBe(0);
    expect(await json('users', 'show', 'bob')).toMatchObject({ userName: 'bob', enabled: true, lockedUntil: null });
    expect(await code('users', 'logout', 'bob')).toBe(0);
    expect((await as('', 'tokens', 'list')).code).toBe(3);
    const { oneTimePassword } = await json<{ oneTimePassword: string }>('users', 'reset-password', 'bob');
    expect((await as('', 'login', '-u', 'bob', '-p', oneTimePassword)).stderr).toContain('orderlines passwd');
    await json('create-user', '-u', 'gone', '-p', PASSWORD);
    expect(await code('users', 'delete', 'gone')).toBe(0);
    expect(await code('users', 'show', 'gone')).toBe(2);
  });

  it('who registers waits until an administrator lets them in', async () => {
    await json('parameter', 'set', 'self_registration', 'true');
    const body = JSON.stringify({ userName: 'newcomer', password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    await eventually('people may register', async () => {
      const answer = await fetch(`${system.platform.url}/api/v1/registrations`, { method: 'POST', headers, body });
      if (answer.status !== 201) throw new Error(await answer.text());
      return true;
    });
    expect(await json('users', 'list', '--waiting')).toMatchObject([{ userName: 'newcomer', approved: false }]);
    await expectSoon(['may', 'newcomer', 'read', 'Process', 'small/one'], { allowed: false });
    await json('users', 'approve', 'newcomer');
    expect(await json('users', 'list', '--waiting')).toEqual([]);
    await expectSoon(['may', 'newcomer', 'read', 'Process', 'small/one'], { allowed: true });
    await json('parameter', 'reset', 'self_registration');
  });

  it('a service account has tokens, limited to a namespace, and no password', async () => {
    await json('create-user', '-u', 'robot', '--service');
    await json('grant', 'robot', '--role', 'operator');
    const made = await json<{ id: string; token: string }>(
      'tokens',
      'create',
      'ci',
      '--user',
      'robot',
      '--may',
      'read:Process',
      '-n',
      'shop',
    );
    const seen = await as(made.token, 'get', 'processes', '-o', 'json');
    expect((JSON.parse(seen.stdout) as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual(['release']);
    expect((await as(made.token, 'start-process', 'shop/release')).code).toBe(3);
    expect(await json('tokens', 'list', '--user', 'robot')).toMatchObject([{ name: 'ci', lastUsedAt: expect.any(String) }]);
    expect(await code('tokens', 'revoke', made.id, '--user', 'robot')).toBe(0);
    expect((await as(made.token, 'get', 'processes')).code).toBe(3);
    expect((await as('', 'login', '-u', 'robot', '-p', PASSWORD)).code).toBe(3);
  });

  it('login makes a token of thirty days that is listed and revoked', async () => {
    await json('create-user', '-u', 'ann', '-p', PASSWORD);
    expect((await as('', 'login', '-u', 'ann', '-p', PASSWORD)).code).toBe(0);
    const [token] = JSON.parse((await as('', 'tokens', 'list', '-o', 'json')).stdout) as {
      id: string;
      expiresAt: string;
      purpose: string;
    }[];
    expect(token?.purpose).toBe('login');
    const days = (Date.parse(token?.expiresAt ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(JSON.parse((await as('', 'sessions', 'list', '-o', 'json')).stdout)).toEqual([]);
    expect((await as('', 'tokens', 'revoke', token?.id ?? '')).code).toBe(0);
    expect((await as('', 'tokens', 'list')).code).toBe(3);
  });

  it('sessions of browsers are listed and ended', async () => {
    const post = (path: string, body: object) =>
      fetch(`${system.platform.url}/api/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const session = (await (await post('sessions', { login: 'ann', password: PASSWORD })).json()) as { token: string };
    await as('', 'login', '-u', 'ann', '-p', PASSWORD);
    const listed = JSON.parse((await as('', 'sessions', 'list', '-o', 'json')).stdout) as { id: string }[];
    expect(listed).toHaveLength(1);
    expect((await as('', 'sessions', 'end', listed[0]?.id ?? '')).code).toBe(0);
    expect((await as(session.token, 'get', 'processes')).code).toBe(3);
  });

  it('variables are typed, listed, used and deleted', async () => {
    expect(await json('variable', 'set', 'region', 'eu', '-n', 'shop')).toMatchObject({ value: 'eu', type: 'string' });
    expect(await json('variable', 'set', 'hosts', '["a"]', '--type', 'list')).toMatchObject({ value: ['a'] });
    expect(await code('variable', 'set', 'count', 'many', '--type', 'number')).toBe(2);
    expect(await json('variable', 'list')).toMatchObject([{ name: 'hosts' }, { name: 'region' }]);
    expect(await json('variable', 'usage', 'region', '-n', 'shop')).toMatchObject([{ namespace: 'shop', process: 'release' }]);
    expect(await code('variable', 'delete', 'hosts')).toBe(0);
  });

  it('secrets are set from standard input or by reference, and never told; the key is changed while they are there', async () => {
    const set = await system.platform.orderlines(['secret', 'set', 'key', '-n', 'shop'], { input: 'a secret of the shop\n' });
    expect(set.code).toBe(0);
    expect(await json('secret', 'set', 'mounted', '--from', 'env:SHOP_KEY')).toMatchObject({ reference: 'env:SHOP_KEY' });
    expect((await system.platform.orderlines(['secret', 'list'])).stdout).not.toContain('a secret of the shop');
    expect(await json('secret', 'usage', 'key', '-n', 'shop')).toMatchObject([{ process: 'release' }]);
    const { gateway } = system.platform;
    await gateway.stop();
    await gateway.start({ ORDERLINES_SECRET_KEY: `${NEW_KEY},${OLD_KEY}` });
    expect(await json('rotate-keys')).toMatchObject({ resealed: 1 });
    expect(await json('rotate-keys')).toMatchObject({ resealed: 0 });
    expect(await code('secret', 'delete', 'mounted')).toBe(0);
    expect(await code('secret', 'delete', 'mounted')).toBe(2);
  });

  it('parameters are listed, set, refused and reset', async () => {
    expect(await json('parameter', 'set', 'task_timeout', '30m')).toMatchObject({ value: '30m', default: '1h' });
    expect(await code('parameter', 'set', 'task_timeout', 'soon')).toBe(2);
    expect(await json('parameter', 'reset', 'task_timeout')).toMatchObject({ value: '1h' });
    expect((await json<unknown[]>('parameter', 'list')).length).toBeGreaterThanOrEqual(17);
  });

  it('the audit trail is searched, exported and verified, and so is the log of requests', async () => {
    expect(await items('audit', 'list', '--kind', 'Role', '--subject', 'deployer', '--action', 'create')).toMatchObject([
      { actor: 'admin' },
    ]);
    const file = join(folder.path, 'audit.csv');
    expect(await code('audit', 'export', '--kind', 'Secret', '--format', 'csv', '--to', file)).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(/^number,at,actor/);
    expect(await readFile(file, 'utf8')).not.toContain('a secret of the shop');
    const verified = await eventually('all records are linked', async () => {
      const answer = await json<{ intact: boolean; pending: number; head: string }>('audit', 'verify');
      if (answer.pending > 0) throw new Error('not yet');
      return answer;
    });
    expect(verified.intact).toBe(true);
    expect(await json('audit', 'verify', '--noted', verified.head)).toMatchObject({ intact: true });
    expect(await code('audit', 'verify', '--noted', `${verified.head.slice(0, -4)}0000`)).toBe(1);
    expect((await items('api-log', 'list', '--min-status', '400', '--visitor', 'admin')).length).toBeGreaterThan(0);
    const requests = join(folder.path, 'requests.ndjson');
    expect(await code('api-log', 'export', '--format', 'ndjson', '--to', requests)).toBe(0);
    expect((await readFile(requests, 'utf8')).trim().split('\n').length).toBeGreaterThan(50);
  });

  it('a super user is made on the database itself, also when nobody can log in any more', async () => {
    const { environment } = system.platform;
    const made = await system.platform.orderlines(['create-super-user', '-u', 'root', '-p', PASSWORD], { environment });
    expect(made.code).toBe(0);
    await expectSoon(['may', 'root', 'grant', 'Permission'], { allowed: true });
  });
});
