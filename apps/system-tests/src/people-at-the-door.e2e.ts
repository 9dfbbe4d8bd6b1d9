import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const PASSWORD = 'correct horse battery';

describe('people at the door', () => {
  let system: WholeSystem;
  let users: readonly { readonly userName: string; readonly oneTimePassword: string }[];

  beforeAll(async () => {
    system = await startWholeSystem();
  });
  afterAll(() => system?.close());

  const orderlines = (...argv: string[]) => system.platform.orderlines(argv, { environment: { ORDERLINES_TOKEN: '' } });
  const json = async (...argv: string[]): Promise<unknown> => JSON.parse((await orderlines(...argv, '-o', 'json')).stdout);

  it('the demonstration has three departments, and is made once', async () => {
    ({ users } = (await system.platform.json(['seed-demo'])) as { users: typeof users });
    expect(users.map(({ userName }) => userName)).toEqual(['demo-dana', 'demo-dirk', 'demo-olga', 'demo-otto', 'demo-anna']);
    expect(await system.platform.json(['seed-demo'])).toEqual({ users: [] });
    expect(await system.platform.json(['department', 'list'])).toMatchObject({
      items: [
        { name: 'Audit', users: 1 },
        { name: 'Development', users: 2 },
        { name: 'Operations', users: 2 },
      ],
    });
  });

  it('a one-time password lets one choose an own one and nothing more; then the login has a token of its own', async () => {
    const { userName, oneTimePassword } = users[0] ?? { userName: '', oneTimePassword: '' };
    expect((await orderlines('login', '-u', userName, '-p', oneTimePassword)).stderr).toContain('orderlines passwd');
    expect(await orderlines('get', 'processes')).toMatchObject({ code: 3, stderr: expect.stringContaining('choose your own') });
    expect((await orderlines('passwd', '--current', oneTimePassword, '-p', PASSWORD)).code).toBe(0);
    expect((await orderlines('login', '-u', userName, '-p', PASSWORD)).code).toBe(0);
    expect(await json('tokens', 'list')).toMatchObject([
      { purpose: 'login', current: true, name: expect.stringContaining('orderlines login on') },
    ]);
    expect((await orderlines('get', 'processes')).code).toBe(0);
    expect((await orderlines('users', 'list')).code).toBe(3);
  });

  it('a token for a machine does what its rules say, until it is revoked', async () => {
    const made = (await json('tokens', 'create', 'ci', '--may', 'read:Process', '--expires-in', '3')) as { id: string; token: string };
    const asMachine = (...argv: string[]) => system.platform.orderlines(argv, { environment: { ORDERLINES_TOKEN: made.token } });
    expect((await asMachine('get', 'processes')).code).toBe(0);
    expect((await asMachine('get', 'instances')).code).toBe(3);
    expect((await asMachine('tokens', 'create', 'more')).stderr).toContain('may do less than its owner');
    expect((await orderlines('tokens', 'revoke', made.id)).code).toBe(0);
    expect((await asMachine('get', 'processes')).stderr).toContain('log in');
  });

  it('logging out takes the token away, also where it was copied to', async () => {
    const { stdout } = await orderlines('tokens', 'list', '-o', 'json');
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect((await orderlines('logout')).code).toBe(0);
    expect((await orderlines('get', 'processes')).code).toBe(3);
  });
});
