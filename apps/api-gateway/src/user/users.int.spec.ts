import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const PASSWORD = 'correct horse battery';
const PIXEL = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');

describe('users', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness?.close());

  /** Asks, and gives the status with the body. */
  const ask = async (method: string, path: string, body?: unknown, token?: string) => {
    const answer = await harness.ask(method, path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });
    const text = await answer.text();
    return { status: answer.status, body: (text && JSON.parse(text)) as Record<string, unknown> };
  };
  const login = async (name: string, password = PASSWORD) => {
    const { body } = await ask('POST', 'sessions', { login: name, password }, '');
    return body['token'] as string;
  };
  const add = async (user: object) => {
    const { status, body } = await ask('POST', 'users', user);
    expect({ status, body }).toMatchObject({ status: 201 });
    return body as { id: string; oneTimePassword?: string };
  };

  it('are added with a name, e-mail and phone that nobody else has, and log in with any of them', async () => {
    const bob = { userName: 'bob', password: PASSWORD, email: 'bob@shop.local', phone: '+49 30 123456' };
    await add(bob);
    for (const [field, user] of [
      ['userName', { ...bob, userName: 'BOB', email: undefined, phone: undefined }],
      ['email', { ...bob, userName: 'bob2', email: 'Bob@Shop.local', phone: undefined }],
      ['phone', { ...bob, userName: 'bob3', email: undefined }],
    ] as const) {
      expect(await ask('POST', 'users', user)).toMatchObject({ status: 409, body: { code: 'user.taken', errors: [{ path: field }] } });
    }
    for (const name of ['bob', 'bob@shop.local', '+49 30 123456']) {
      expect(await ask('GET', 'me', undefined, await login(name))).toMatchObject({ status: 200, body: { userName: 'bob' } });
    }
  });

  it('are not added by whoever may not, nor with a weak password, nor is an author ever what a client says', async () => {
    const refused = await ask('POST', 'users', { userName: 'eve', password: PASSWORD }, await login('bob'));
    expect(refused).toMatchObject({ status: 403, body: { code: 'auth.not-allowed' } });
    expect(await ask('POST', 'users', { userName: 'carol', password: 'carol' })).toMatchObject({
      status: 422,
      body: { code: 'auth.password-refused' },
    });
    expect(await ask('POST', 'users', { userName: 'carol', password: PASSWORD, createdBy: 'me' })).toMatchObject({ status: 422 });
  });

  it('without a password get one that is shown once and opens nothing but its change', async () => {
    const { oneTimePassword = '' } = await add({ userName: 'erin' });
    const token = await login('erin', oneTimePassword);
    for (const path of ['me', 'processes', 'instances', 'me/sessions', 'me/tokens']) {
      expect(await ask('GET', path, undefined, token)).toMatchObject({ status: 403, body: { code: 'auth.password-change-needed' } });
    }
    const change = (chosen: string) => ask('PUT', 'me/password', { current: oneTimePassword, new: chosen }, token);
    expect(await change(oneTimePassword)).toMatchObject({ status: 422, body: { code: 'auth.password-refused' } });
    expect(await change(PASSWORD)).toMatchObject({ status: 204 });
    expect(await ask('GET', 'me', undefined, token)).toMatchObject({ status: 200, body: { mustChangePassword: false } });
    expect(await login('erin', oneTimePassword)).toBeUndefined();
  });

  it('whose password is reset are out everywhere, but for tokens of their machines', async () => {
    const { id } = await add({ userName: 'fred', password: PASSWORD });
    const session = await login('fred');
    const make = async (purpose: string) => (await ask('POST', 'me/tokens', { name: purpose, purpose }, session)).body['token'] as string;
    const [machine, commandLine] = [await make('api'), await make('login')];
    const { body } = await ask('POST', `users/${id}/password-reset`);
    expect(body['oneTimePassword']).toEqual(expect.stringMatching(/^\S{20}$/));
    const statuses = [];
    for (const token of [session, commandLine, machine]) statuses.push((await ask('GET', 'me', undefined, token)).status);
    expect(statuses).toEqual([401, 401, 200]);
    expect(await login('fred')).toBeUndefined();
    expect(await ask('GET', `users/${id}`)).toMatchObject({ body: { mustChangePassword: true, sessions: 0 } });
    const trail = await harness.source.query<{ record: string }[]>(
      `select to_jsonb(r)::text as record from system.audit_record r where action = 'reset-password'`,
    );
    expect(trail).toHaveLength(1);
    expect(trail[0]?.record).not.toContain(body['oneTimePassword']);
  });

  it('change their own profile, but not what they are', async () => {
    await add({ userName: 'gina', password: PASSWORD });
    const token = await login('gina');
    const changed = await ask('PATCH', 'me', { displayName: 'Gina G.', email: 'gina@shop.local', locale: 'zh' }, token);
    expect(changed).toMatchObject({ status: 200, body: { displayName: 'Gina G.', email: 'gina@shop.local', locale: 'zh' } });
    expect(await ask('PATCH', 'me', { email: null }, token)).toMatchObject({ body: { email: null, displayName: 'Gina G.' } });
    for (const more of [{ administrator: true }, { enabled: true }, { userName: 'root' }, { approved: true }]) {
      expect(await ask('PATCH', 'me', more, token)).toMatchObject({ status: 422 });
    }
    expect(await ask('PATCH', 'me', { email: 'bob@shop.local' }, token)).toMatchObject({ status: 409, body: { code: 'user.taken' } });
  });

  it('have a picture that is one, whatever it is called', async () => {
    const { id } = await add({ userName: 'hugo', password: PASSWORD });
    const token = await login('hugo');
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString('base64');
    expect(await ask('PUT', 'me/picture', { base64: svg }, token)).toMatchObject({ status: 422, body: { code: 'user.picture-type' } });
    const large = Buffer.concat([Buffer.from(PIXEL, 'base64'), Buffer.alloc(300 * 1024)]).toString('base64');
    expect((await ask('PUT', 'me/picture', { base64: large }, token)).status).toBeGreaterThanOrEqual(413);
    expect(await ask('PUT', 'me/picture', { base64: PIXEL }, token)).toMatchObject({
      body: { picture: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    const shown = await harness.ask('GET', `users/${id}/picture`);
    expect([shown.headers.get('content-type'), shown.headers.get('x-content-type-options')]).toEqual(['image/png', 'nosniff']);
    expect(Buffer.from(await shown.arrayBuffer()).toString('base64')).toBe(PIXEL);
    await ask('DELETE', 'me/picture', undefined, token);
    expect(await ask('GET', `users/${id}/picture`)).toMatchObject({ status: 404, body: { code: 'user.no-picture' } });
  });

  it('are listed by name, found by a part of what they are called, page by page', async () => {
    const page = (query: string) => ask('GET', `users?${query}`);
    const names = async (query: string) => ((await page(query)).body['items'] as { userName: string }[]).map(({ userName }) => userName);
    const all = await names('limit=500');
    expect(all).toEqual(all.toSorted());
    const first = (await page('limit=2')).body;
    expect(await names(`limit=500&cursor=${String(first['nextCursor'])}`)).toEqual(all.slice(2));
    expect(await names('search=SHOP.local')).toEqual(['bob']);
    expect(await names('kind=service')).toEqual([]);
    expect(JSON.stringify((await page('limit=500')).body)).not.toMatch(/argon2|password_?hash/i);
    expect((await page('enabled=perhaps')).status).toBe(422);
    expect((await page('cursor=nonsense')).status).toBe(422);
  });

  it('that are disabled are out at once and cannot log in', async () => {
    const { id } = await add({ userName: 'ivan', password: PASSWORD });
    const token = await login('ivan');
    expect(await ask('PATCH', `users/${id}`, { enabled: false })).toMatchObject({ status: 200, body: { enabled: false } });
    expect((await ask('GET', 'me', undefined, token)).status).toBe(401);
    expect(await login('ivan')).toBeUndefined();
  });

  it('that look after users do not make themselves administrators', async () => {
    const { id } = await add({ userName: 'jana', password: PASSWORD, administrator: true });
    const session = await login('jana');
    const rules = [{ action: 'manage', subject: 'User' }];
    const { body } = await ask('POST', 'me/tokens', { name: 'users only', rules }, session);
    const looksAfterUsers = body['token'] as string;
    const who = await add({ userName: 'kurt', password: PASSWORD });
    expect(await ask('PATCH', `users/${who.id}`, { displayName: 'K.' }, looksAfterUsers)).toMatchObject({ status: 200 });
    for (const [method, path, more] of [
      ['PATCH', `users/${who.id}`, { administrator: true }],
      ['POST', 'users', { userName: 'root', administrator: true }],
      ['POST', `users/${id}/password-reset`, {}],
      ['PATCH', `users/${id}`, { email: 'mine@shop.local' }],
      ['DELETE', `users/${id}`, undefined],
    ] as const) {
      expect(await ask(method, path, more, looksAfterUsers)).toMatchObject({ status: 403, body: { code: 'auth.not-allowed' } });
    }
  });

  it('always have one administrator who can log in', async () => {
    const { body: admins } = await ask('GET', 'users?limit=500');
    const [first, ...others] = (admins['items'] as { id: string; administrator: boolean }[]).filter(({ administrator }) => administrator);
    for (const { id } of others) expect((await ask('DELETE', `users/${id}`)).status).toBe(204);
    for (const change of [{ enabled: false }, { administrator: false }]) {
      expect(await ask('PATCH', `users/${first?.id}`, change)).toMatchObject({ status: 409, body: { code: 'user.last-administrator' } });
    }
    expect((await ask('DELETE', `users/${first?.id}`)).status).toBe(409);
  });

  it('register themselves only where that is allowed, and without rights until somebody lets them in', async () => {
    const lily = { userName: 'lily', password: PASSWORD, email: 'lily@shop.local' };
    const register = () => ask('POST', 'registrations', lily, '');
    expect(await register()).toMatchObject({ status: 403, body: { code: 'user.registration-closed' } });
    await harness.pool.query(`insert into system.parameter (name, value) values ('self_registration', 'true')`);
    const endsAt = Date.now() + 10_000;
    let registered = await register();
    for (; registered.status === 403; registered = await register()) expect(Date.now()).toBeLessThan(endsAt);
    expect(registered).toMatchObject({ status: 201, body: { approved: false, administrator: false } });
    expect(await ask('GET', 'sessions/methods', undefined, '')).toMatchObject({ body: { registration: true } });
    const token = await login('lily');
    expect((await ask('GET', 'me', undefined, token)).status).toBe(200);
    expect((await ask('GET', 'processes', undefined, token)).status).toBe(403);
    const { body } = await ask('GET', 'users?approved=false');
    const [waiting] = body['items'] as { id: string }[];
    expect(await ask('PATCH', `users/${waiting?.id}`, { approved: true })).toMatchObject({ status: 200, body: { approved: true } });
    expect((await ask('GET', 'users?approved=false')).body['items']).toEqual([]);
  });

  it('who are unknown are not found', async () => {
    for (const id of ['nobody', '00000000-0000-4000-8000-000000000000']) {
      expect(await ask('GET', `users/${id}`)).toMatchObject({ status: 404, body: { code: 'user.not-found' } });
    }
  });
});
