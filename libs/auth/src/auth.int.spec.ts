import { createDataSource, runMigrations } from '@orderlines/persistence';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import type { DataSource } from 'typeorm';
import { Authenticator, addUser, checkLogin, ensureAdministrator, issueToken } from './index.js';

describe('logging in', () => {
  let postgres: TestPostgres;
  let source: DataSource;
  beforeAll(async () => {
    postgres = await startPostgres();
    source = await createDataSource(await postgres.createDatabase(runMigrations), 'auth test').initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await postgres.close();
  });

  it('begins with an administrator whose password is shown once', async () => {
    const first = await ensureAdministrator(source.manager);
    expect(first?.generatedPassword).toHaveLength(20);
    expect(await checkLogin(source.manager, 'admin', first?.generatedPassword ?? '')).toMatchObject({ administrator: true });
    expect(await ensureAdministrator(source.manager)).toBeNull();
  });

  it('refuses a first password that is too weak', async () => {
    await expect(ensureAdministrator(source.manager, 'admin')).rejects.toThrow(/ORDERLINES_ADMIN_PASSWORD cannot be used/);
  });

  it('refuses a wrong password and an unknown name alike', async () => {
    expect(await checkLogin(source.manager, 'admin', 'wrong')).toBeUndefined();
    expect(await checkLogin(source.manager, 'nobody', 'wrong')).toBeUndefined();
  });

  it('gives a token that says who is asking, until it is forgotten and revoked', async () => {
    const user = await addUser(source.manager, { userName: 'bob', password: 'correct horse battery' });
    const { id, token } = await issueToken(source.manager, user.id, 'test');
    const authenticator = new Authenticator(source);
    expect(await authenticator.authenticate(`Bearer ${token}`)).toEqual({
      userId: user.id,
      userName: 'bob',
      administrator: false,
      tokenId: id,
    });
    await source.query('update access.api_token set revoked_at = now() where id = $1', [id]);
    authenticator.forget(id);
    expect(await authenticator.authenticate(`Bearer ${token}`)).toBeUndefined();
  });
});
