import { createHash } from 'node:crypto';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const PASSWORD = 'correct horse battery';

/** What was wrong with logins, users and tokens of the older system, by the numbers of its list of faults; each must not be so here. */
describe('a fault of the older system that is none here', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness?.close());

  const ask = async (method: string, path: string, body?: unknown, token?: string) => {
    const answer = await harness.ask(method, path, body, token === undefined ? {} : { authorization: `Bearer ${token}` });
    const text = await answer.text();
    return { status: answer.status, text, body: (text && JSON.parse(text)) as Record<string, unknown>, headers: answer.headers };
  };
  const add = async (userName: string, more: object = {}) => {
    const { status, body } = await ask('POST', 'users', { userName, password: PASSWORD, ...more });
    expect(status).toBe(201);
    return body['id'] as string;
  };
  const login = (name: string, password = PASSWORD) => ask('POST', 'sessions', { login: name, password }, '');
  const storedHash = async (userName: string) => {
    const rows = await harness.source.query<{ hash: string }[]>(
      'select password_hash as hash from access.user_account where user_name = $1',
      [userName],
    );
    return rows[0]?.hash ?? '';
  };

  const FAULTS: readonly (readonly [string, string, () => Promise<void>])[] = [
    [
      'A2, A3',
      'nobody clears the database or names a file of the server in a request',
      async () => {
        for (const more of [{ clear_db: true }, { clearDb: true }, { path: '/etc/passwd' }, { file: '/etc/passwd' }]) {
          expect((await ask('POST', 'processes', { content: 'kind: Process', ...more })).status).toBe(422);
        }
      },
    ],
    [
      'A5',
      'passwords are salted Argon2id, of added and registered users alike, and two equal ones are stored differently',
      async () => {
        for (const name of ['salt1', 'salt2']) await add(name);
        const hashes = [await storedHash('salt1'), await storedHash('salt2')];
        for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
        expect(hashes[0]).not.toBe(hashes[1]);
        expect(hashes.join()).not.toContain(createHash('md5').update(PASSWORD).digest('hex'));
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
        await ask('PUT', 'parameters/self_registration', { value: true });
        const endsAt = Date.now() + 10_000;
        const register = () => ask('POST', 'registrations', { userName: 'reg', password: PASSWORD }, '');
        let registered = await register();
        for (; registered.status === 403; registered = await register()) expect(Date.now()).toBeLessThan(endsAt);
        expect([registered.status, (await login('reg')).status]).toEqual([201, 201]);
      },
    ],
    [
      'A10',
      'roles that are given take the place of those before: none twice, and a removed user leaves nothing behind',
      async () => {
        const id = await add('roles', { roles: ['viewer'] });
        for (const roles of [['operator'], ['operator'], []]) {
          const held = roles.map((role) => ({ role }));
          expect((await ask('PUT', `users/${id}/access`, { roles: held })).status).toBeLessThan(300);
        }
        await ask('PUT', `users/${id}/access`, { roles: [{ role: 'viewer' }] });
        expect((await login('roles')).status).toBe(201);
        expect((await ask('DELETE', `users/${id}`)).status).toBe(204);
        const [left] = await harness.source.query<{ count: number }[]>(
          `select (select count(*) from access.role_assignment where user_id = $1)::int + (select count(*) from access.api_token where user_id = $1)::int
             + (select count(*) from access.login_session where user_id = $1)::int as count`,
          [id],
        );
        expect(left?.count).toBe(0);
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
      'A26',
      'a value that is set can be taken away again',
      async () => {
        const id = await add('clear', { email: 'clear@shop.local', phone: '12345' });
        expect((await ask('PATCH', `users/${id}`, { email: null, phone: null })).body).toMatchObject({ email: null, phone: null });
      },
    ],
    [
      'A28',
      'who did it is who asked, whatever the request says',
      async () => {
        expect((await ask('POST', 'users', { userName: 'forged', password: PASSWORD, author: 'somebody' })).status).toBe(422);
        await add('honest');
        const [row] = await harness.source.query<{ actor: string }[]>(
          `select actor from system.audit_record where subject_kind = 'User' and subject_name = 'honest' and action = 'create'`,
        );
        expect(row?.actor).toBe('admin');
      },
    ],
    [
      'O2',
      'there is no default password, and none that is easily guessed is taken',
      async () => {
        for (const [name, password] of [
          ['orderlines', 'orderlines'],
          ['admin', 'admin'],
          ['admin', 'orderlines'],
        ] as const) {
          expect((await login(name, password)).status).toBe(401);
        }
        expect((await ask('POST', 'users', { userName: 'orderlines', password: 'orderlines' })).body).toMatchObject({
          code: 'auth.password-refused',
        });
      },
    ],
  ];

  it.each(FAULTS)('%s: %s', async (_numbers, _sentence, holds) => holds());

  it('the refresh token is in a cookie that no script and no other site gets, and in no answer', async () => {
    const { headers, text } = await login('salt1');
    const cookie = headers.getSetCookie().find((one) => one.startsWith('orderlines_refresh=')) ?? '';
    expect(cookie).toMatch(
      /^orderlines_refresh=olr_[A-Za-z0-9_-]{43}; Path=\/api\/v1\/sessions; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(text).not.toContain('olr_');
    expect(headers.get('cache-control')).toBe('no-store');
    const exchange = () => harness.ask('POST', 'sessions/refresh', {}, { authorization: '', cookie: cookie.split(';')[0] ?? '' });
    expect((await exchange()).status).toBe(200);
    const again = await exchange();
    expect([again.status, again.headers.getSetCookie()[0]]).toEqual([401, expect.stringContaining('Expires=Thu, 01 Jan 1970')]);
  });

  it('is a token in an address: no route takes one there', async () => {
    for (const name of ['token', 'access_token', 'authorization']) {
      expect((await harness.ask('GET', `me?${name}=${harness.token}`, undefined, { authorization: '' })).status).toBe(401);
    }
  });
});
