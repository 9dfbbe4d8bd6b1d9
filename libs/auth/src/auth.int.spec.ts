import { randomBytes } from 'node:crypto';
import { createDataSource, runMigrations, type UserAccount } from '@orderlines/persistence';
import { KeyRing } from '@orderlines/secrets';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import { Secret, TOTP } from 'otpauth';
import type { DataSource } from 'typeorm';
import {
  addUser,
  addUserWithOneTimePassword,
  Authenticator,
  ensureAdministrator,
  issueToken,
  Logins,
  LoginThrottle,
  RightsBook,
  SecondFactors,
} from './index.js';

const PLACE = { address: '192.0.2.1', userAgent: 'a test' };
const PASSWORD = 'correct horse battery';
const HOUR_MS = 3_600_000;

describe('logging in', () => {
  let postgres: TestPostgres;
  let source: DataSource;
  let clock = Date.now();
  beforeAll(async () => {
    postgres = await startPostgres();
    source = await createDataSource(await postgres.createDatabase(runMigrations), 'auth test').initialize();
  });
  afterAll(async () => {
    await source?.destroy();
    await postgres?.close();
  });

  const keys = KeyRing.of(randomBytes(32).toString('base64'));
  /** What one gateway has; several share the database. */
  const gateway = () => {
    const authenticator = new Authenticator(source.manager, new RightsBook(source.manager));
    const throttle = new LoginThrottle(source.manager);
    const secondFactors = new SecondFactors(source.manager, keys, () => clock);
    return { authenticator, throttle, secondFactors, logins: new Logins(source.manager, authenticator, throttle, secondFactors) };
  };
  type Gateway = ReturnType<typeof gateway>;
  const login = ({ logins }: Gateway, name: string, password = PASSWORD, place = PLACE) => logins.login({ login: name, password }, place);
  const principal = ({ authenticator }: Gateway, token: string) => authenticator.authenticate(`Bearer ${token}`);
  const person = (userName: string): Promise<UserAccount> => addUser(source.manager, { userName, password: PASSWORD });

  it('begins with one administrator, whose password is told once and must be changed', async () => {
    const both = await Promise.all([ensureAdministrator(source.manager), ensureAdministrator(source.manager)]);
    const made = both.filter((first) => first !== null);
    expect(made).toHaveLength(1);
    expect(await ensureAdministrator(source.manager, 'a given password')).toBeNull();
    const { user, token } = await login(gateway(), 'ADMIN', made[0]?.generatedPassword ?? '');
    expect(user).toMatchObject({ userName: 'admin', administrator: true });
    expect(await principal(gateway(), token)).toMatchObject({ mustChangePassword: true });
  });

  it('refuses a weak password with all that is wrong with it', async () => {
    await expect(ensureAdministrator(source.manager, 'admin')).rejects.toMatchObject({
      code: 'auth.password-refused',
      problems: [{ code: 'password.too-short' }, { code: 'password.has-name' }],
    });
    await expect(addUser(source.manager, { userName: 'weak', password: 'aaaaaaaaaaa' })).rejects.toMatchObject({ status: 422 });
  });

  it('refuses a wrong password, an unknown name, a disabled user and a service account alike', async () => {
    const user = await person('gone');
    await source.query('update access.user_account set enabled = false where id = $1', [user.id]);
    await source.query(
      `insert into access.user_account (id, user_name, password_hash, kind) values (gen_random_uuid(), 'robot', '', 'service')`,
    );
    const here = gateway();
    const tries = [
      ['admin', 'wrong'],
      ['nobody', 'wrong'],
      ['gone', PASSWORD],
      ['robot', ''],
    ] as const;
    const refusals = await Promise.all(tries.map(([name, password]) => login(here, name, password).catch(String)));
    expect(new Set(refusals)).toEqual(new Set(['WrongLogin: The user name or the password is wrong.']));
  });

  it('makes whoever guesses wait, also with the right password, with many at once and at another gateway', async () => {
    await addUser(source.manager, { userName: 'dave', password: PASSWORD, email: 'dave@shop.local' });
    const gateways = [gateway(), gateway()] as const;
    const guess = (index: number, name: string) =>
      login(gateways[index % 2] ?? gateways[0], name, 'wrong', { ...PLACE, address: '192.0.2.7' }).catch((error: Error) => error.name);
    // His name and his address are the same account.
    const names = await Promise.all(Array.from({ length: 8 }, (_, index) => guess(index, index % 3 ? 'dave' : 'dave@shop.local')));
    expect(names.filter((name) => name === 'WrongLogin')).toHaveLength(5);
    await expect(login(gateways[1], 'dave')).rejects.toMatchObject({ code: 'auth.throttled' });
  });

  it('locks an account after ten failures until it is unlocked, at every gateway', async () => {
    const user = await person('lena');
    const here = gateway();
    await source.query(
      `insert into access.login_failure (kind, key, count, last_at) values ('account', $1, 9, now() - interval '10 minutes')`,
      [`user:${user.id}`],
    );
    await expect(login(here, 'lena', 'wrong')).rejects.toMatchObject({ code: 'auth.wrong-login' });
    await expect(login(gateway(), 'lena')).rejects.toMatchObject({ code: 'auth.locked', status: 429 });
    expect((await here.throttle.lockedUntil(user.id))?.getTime()).toBeGreaterThan(Date.now());
    await here.throttle.unlock(user.id);
    expect((await login(gateway(), 'lena')).user.id).toBe(user.id);
  });

  it('gives a token that says who is asking, until it is given back', async () => {
    await addUser(source.manager, { userName: 'bob', password: PASSWORD, email: 'bob@shop.local' });
    const here = gateway();
    const { token, user } = await login(here, 'Bob@shop.local');
    const known = await principal(here, token);
    expect(known.user.id).toBe(user.id);
    await here.logins.logout(known);
    await expect(principal(here, token)).rejects.toMatchObject({ code: 'auth.not-authenticated', status: 401 });
    const [row] = await source.query<{ token_hash: Buffer }[]>('select token_hash from access.api_token where id = $1', [known.tokenId]);
    expect(row?.token_hash.toString('latin1')).not.toContain(token);
  });

  it('goes on with a new pair of tokens, each good for one exchange', async () => {
    await person('ruth');
    const [here, there] = [gateway(), gateway()];
    const first = await login(here, 'ruth');
    const second = await there.logins.refresh(first.refreshToken, PLACE);
    const third = await here.logins.refresh(second.refreshToken, PLACE);
    expect(new Set([first, second, third].flatMap(({ token, refreshToken }) => [token, refreshToken])).size).toBe(6);
    expect((await principal(there, third.token)).sessionId).toBe((await principal(there, first.token)).sessionId);
  });

  it('a stolen refresh token ends the session for the thief and for its owner, whoever is second', async () => {
    await person('sara');
    const here = gateway();
    const own = await login(here, 'sara');
    const other = await login(here, 'sara');
    const thief = await gateway().logins.refresh(own.refreshToken, { address: '203.0.113.9', userAgent: 'a thief' });
    await expect(here.logins.refresh(own.refreshToken, PLACE)).rejects.toMatchObject({ code: 'auth.refresh-reused', status: 401 });
    await expect(gateway().logins.refresh(thief.refreshToken, PLACE)).rejects.toMatchObject({ code: 'auth.session-ended' });
    for (const { token } of [own, thief]) await expect(principal(gateway(), token)).rejects.toMatchObject({ status: 401 });
    // Her other session is another family.
    expect((await principal(here, other.token)).user.userName).toBe('sara');
  });

  it('of two exchanges of one refresh token at once at most one goes through, and the session is over', async () => {
    await person('tess');
    const { refreshToken } = await login(gateway(), 'tess');
    const both = await Promise.allSettled([gateway().logins.refresh(refreshToken, PLACE), gateway().logins.refresh(refreshToken, PLACE)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [next] = both.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await expect(gateway().logins.refresh(next?.refreshToken, PLACE)).rejects.toMatchObject({ code: 'auth.session-ended' });
  });

  it.each([undefined, '', 'x', `olr_${'x'.repeat(43)}`])('the refresh token %j is of no session', async (shown) => {
    await expect(gateway().logins.refresh(shown, PLACE)).rejects.toMatchObject({ code: 'auth.session-ended', status: 401 });
  });

  it('a session ends at every gateway within seconds of its end at one', async () => {
    await person('uma');
    const [here, there] = [gateway(), gateway()];
    const { token, user } = await login(here, 'uma');
    await principal(there, token);
    expect(await here.logins.end(user, {}, 'revoked')).toBe(1);
    await expect(principal(here, token)).rejects.toMatchObject({ status: 401 });
    const endsAt = Date.now() + 5_000;
    while (await principal(there, token).catch(() => null)) expect(Date.now()).toBeLessThan(endsAt);
  });

  it('a user that is disabled is out at once where it is not remembered, and gets no new token', async () => {
    const { id } = await person('vera');
    const { token, refreshToken } = await login(gateway(), 'vera');
    await source.query('update access.user_account set enabled = false where id = $1', [id]);
    await expect(principal(gateway(), token)).rejects.toMatchObject({ status: 401 });
    await expect(gateway().logins.refresh(refreshToken, PLACE)).rejects.toMatchObject({ code: 'auth.session-ended' });
  });

  it('a password that was made must be changed, and not into itself', async () => {
    const { oneTimePassword, user } = await addUserWithOneTimePassword(source.manager, { userName: 'wanda' });
    const here = gateway();
    const known = await principal(here, (await login(here, 'wanda', oneTimePassword)).token);
    expect(known.mustChangePassword).toBe(true);
    const change = (chosen: string) => here.logins.changePassword(known, oneTimePassword, chosen, PLACE.address);
    await expect(change(oneTimePassword)).rejects.toMatchObject({ problems: [{ code: 'password.same' }] });
    await change(PASSWORD);
    expect((await principal(here, (await login(here, 'wanda')).token)).mustChangePassword).toBe(false);
    expect(user.mustChangePassword).toBe(true);
  });

  it('a token with rules may do what they and its owner may, and nothing more', async () => {
    const { id } = await person('xena');
    const rules = [{ action: 'read', subject: 'Process' } as const, { action: 'manage', subject: 'User' } as const];
    const { token } = await issueToken(source.manager, id, 'narrow', HOUR_MS, { rules: [...rules] });
    const { rights, isScoped } = await principal(gateway(), token);
    expect({ isScoped, start: rights.may('start', 'Process'), users: rights.may('write', 'User') }).toEqual({
      isScoped: true,
      start: false,
      users: false,
    });
  });

  it('somebody who was not let in yet has no rights', async () => {
    const { id } = await person('yara');
    await source.query('update access.user_account set approved = false where id = $1', [id]);
    const { rights } = await principal(gateway(), (await login(gateway(), 'yara')).token);
    expect(rights.may('read', 'Process')).toBe(false);
  });

  it('knows many requests with one token at once, notes its last use, and makes who holds it once', async () => {
    const { id } = await person('tina');
    const here = gateway();
    const { token, kept } = await issueToken(source.manager, id, 'many', 60_000);
    const principals = await Promise.all(Array.from({ length: 20 }, () => principal(here, token)));
    expect(new Set(principals).size).toBe(1);
    const [row] = await source.query<{ used: boolean }[]>('select last_used_at is not null as used from access.api_token where id = $1', [
      kept.id,
    ]);
    expect(row).toEqual({ used: true });
    here.authenticator.forget(id);
    expect(await principal(here, token)).not.toBe(principals[0]);
  });

  it('refuses a token that has expired', async () => {
    const [admin] = await source.query<{ id: string }[]>(`select id from access.user_account where user_name = 'admin'`);
    const { token } = await issueToken(source.manager, admin?.id ?? '', 'old', -1);
    await expect(principal(gateway(), token)).rejects.toThrow(/expired/);
  });

  it.each([undefined, '', 'Basic YTpi', 'Bearer', 'Bearer abc', `Bearer ol_${'x'.repeat(42)}`, `Bearer ol_${'x'.repeat(43)} more`])(
    'finds no token in %j',
    async (header) => {
      await expect(gateway().authenticator.authenticate(header)).rejects.toMatchObject({ status: 401 });
    },
  );

  describe('with a second factor', () => {
    const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock });
    const enrol = async (here: Gateway, userName: string) => {
      const user = await person(userName);
      const { secret, uri } = await here.secondFactors.begin(user);
      const codes = await here.secondFactors.confirm(user, codeOf(secret));
      clock += 30_000;
      return { user, secret, uri, codes };
    };
    const withCode = ({ logins }: Gateway, name: string, code: string) => logins.login({ login: name, password: PASSWORD, code }, PLACE);

    it('is not asked for before its first code was shown', async () => {
      const here = gateway();
      const user = await person('anja');
      const { uri } = await here.secondFactors.begin(user);
      expect(uri).toMatch(/^otpauth:\/\/totp\/orderlines:anja\?/);
      await expect(here.secondFactors.confirm(user, '000000')).rejects.toMatchObject({ code: 'auth.wrong-second-factor', status: 422 });
      expect((await login(here, 'anja')).user.id).toBe(user.id);
    });

    it('wants a code with the password, and each only once, at whichever gateway', async () => {
      const here = gateway();
      const { secret } = await enrol(here, 'berta');
      await expect(login(here, 'berta')).rejects.toMatchObject({ code: 'auth.second-factor-needed' });
      await expect(login(here, 'berta', 'wrong')).rejects.toMatchObject({ code: 'auth.wrong-login' });
      const code = codeOf(secret);
      expect((await withCode(here, 'berta', code)).user.userName).toBe('berta');
      await expect(withCode(gateway(), 'berta', code)).rejects.toMatchObject({ code: 'auth.wrong-second-factor' });
      clock += 30_000;
      expect((await withCode(gateway(), 'berta', codeOf(secret))).user.userName).toBe('berta');
    });

    it('takes a recovery code once, and guessing codes is slowed down like guessing passwords', async () => {
      const here = gateway();
      const { codes } = await enrol(here, 'carla');
      expect(new Set(codes).size).toBe(10);
      expect((await withCode(here, 'carla', codes[0] ?? '')).user.userName).toBe('carla');
      const guesses = [];
      for (let time = 0; time < 6; time += 1)
        guesses.push(await withCode(here, 'carla', codes[0] ?? '').catch((error: Error) => error.name));
      expect(guesses.at(-1)).toBe('LoginThrottled');
      expect(new Set(guesses.slice(0, 5))).toEqual(new Set(['WrongSecondFactor']));
    });

    it('keeps the secret sealed and the recovery codes hashed', async () => {
      const { secret, codes } = await enrol(gateway(), 'dora');
      const rows = await source.query<object[]>(
        `select f.box::text, c.code_hash::text from access.second_factor f join access.recovery_code c using (user_id)`,
      );
      const kept = JSON.stringify(rows);
      for (const shown of [secret, ...codes]) expect(kept).not.toContain(Buffer.from(shown).toString('hex'));
    });
  });
});
