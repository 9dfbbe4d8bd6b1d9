import { createDataSource, runMigrations } from '@orderlines/persistence';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import type { DataSource } from 'typeorm';
import { addUser, Authenticator, ensureAdministrator, issueToken, RightsBook } from './index.js';

describe('logging in', () => {
  let postgres: TestPostgres;
  let source: DataSource;
  beforeAll(async () => {
    postgres = await startPostgres();
    source = await createDataSource(await postgres.createDatabase(runMigrations), 'auth test').initialize();
  });
  afterAll(async () => {
    await source?.destroy();
    await postgres?.close();
  });

  it('begins with one administrator, whose password is told once', async () => {
    const both = await Promise.all([ensureAdministrator(source.manager), ensureAdministrator(source.manager)]);
    const made = both.filter((first) => first !== null);
    expect(made).toHaveLength(1);
    expect(await ensureAdministrator(source.manager, 'a given password')).toBeNull();
    const { user } = await new Authenticator(source.manager, new RightsBook(source.manager)).login(
      'ADMIN',
      made[0]?.generatedPassword ?? '',
      '192.0.2.1',
    );
    expect(user).toMatchObject({ userName: 'admin', administrator: true });
  });

  it('refuses a weak password with all that is wrong with it', async () => {
    await expect(ensureAdministrator(source.manager, 'admin')).rejects.toMatchObject({
      code: 'auth.password-refused',
      problems: [{ code: 'password.too-short' }, { code: 'password.has-name' }],
    });
    await expect(addUser(source.manager, { userName: 'weak', password: 'aaaaaaaaaaa' })).rejects.toMatchObject({ status: 422 });
  });

  it('refuses a wrong password, an unknown name and a disabled user alike', async () => {
    const user = await addUser(source.manager, { userName: 'gone', password: 'correct horse battery' });
    await source.query('update access.user_account set enabled = false where id = $1', [user.id]);
    const authenticator = new Authenticator(source.manager, new RightsBook(source.manager));
    const tries = [
      ['admin', 'wrong'],
      ['nobody', 'wrong'],
      ['gone', 'correct horse battery'],
    ] as const;
    const refusals = await Promise.all(tries.map(([login, password]) => authenticator.login(login, password, 'x').catch(String)));
    expect(new Set(refusals)).toEqual(new Set(['WrongLogin: The user name or the password is wrong.']));
  });

  it('makes whoever guesses wait, also with the right password and with many at once', async () => {
    await addUser(source.manager, { userName: 'dave', password: 'correct horse battery' });
    const authenticator = new Authenticator(source.manager, new RightsBook(source.manager));
    const login = (password: string) => authenticator.login('dave', password, '192.0.2.7').catch((error: Error) => error.name);
    const names = await Promise.all(Array.from({ length: 8 }, () => login('wrong')));
    expect(names.filter((name) => name === 'WrongLogin')).toHaveLength(5);
    expect(await login('correct horse battery')).toBe('LoginThrottled');
  });

  it('gives a token that says who is asking, until it is given back', async () => {
    await addUser(source.manager, { userName: 'bob', password: 'correct horse battery', email: 'bob@shop.local' });
    const authenticator = new Authenticator(source.manager, new RightsBook(source.manager));
    const { token, user } = await authenticator.login('Bob@shop.local', 'correct horse battery', '192.0.2.1');
    const principal = await authenticator.authenticate(`Bearer ${token}`);
    expect(principal.user.id).toBe(user.id);
    await authenticator.logout(principal);
    await expect(authenticator.authenticate(`bearer ${token}`)).rejects.toMatchObject({ code: 'auth.not-authenticated', status: 401 });
    const [row] = await source.query<{ token_hash: Buffer }[]>('select token_hash from access.api_token where id = $1', [
      principal.tokenId,
    ]);
    expect(row?.token_hash.toString('latin1')).not.toContain(token);
  });

  it('refuses a token that has expired', async () => {
    const [admin] = await source.query<{ id: string }[]>(`select id from access.user_account where user_name = 'admin'`);
    const { token } = await issueToken(source.manager, admin?.id ?? '', 'old', -1);
    await expect(new Authenticator(source.manager, new RightsBook(source.manager)).authenticate(`Bearer ${token}`)).rejects.toThrow(
      /expired/,
    );
  });

  it.each([undefined, '', 'Basic YTpi', 'Bearer', 'Bearer abc', `Bearer ol_${'x'.repeat(42)}`, `Bearer ol_${'x'.repeat(43)} more`])(
    'finds no token in %j',
    async (header) => {
      await expect(new Authenticator(source.manager, new RightsBook(source.manager)).authenticate(header)).rejects.toMatchObject({
        status: 401,
      });
    },
  );
});
