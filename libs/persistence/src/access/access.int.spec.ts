import { createHash, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  changePasswordHash,
  createApiToken,
  createFirstAdministrator,
  createUser,
  findUsableToken,
  findUser,
  findUserByLogin,
  forgetOldTokens,
  revokeApiToken,
  touchApiToken,
  UserAccount,
} from '../index.js';
import { startDataSource } from '../testing/migrated-data-source.js';

const passwordHash = '$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA';
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);

describe('people and their tokens', () => {
  let source: DataSource;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ source, close } = await startDataSource());
  });
  afterAll(() => close());

  it('start with one administrator, also when several services start at once', async () => {
    const made = await Promise.all(
      ['one', 'two', 'three'].map((userName) => createFirstAdministrator(source.manager, { userName, passwordHash })),
    );
    expect(made.filter((user) => user?.administrator)).toHaveLength(1);
    expect(await source.getRepository(UserAccount).count()).toBe(1);
  });

  it('are found by name, e-mail and phone in any case', async () => {
    const { id } = await createUser(source.manager, { userName: 'Zoë', passwordHash, email: 'Zoe@Example.org', phone: '+31 6 1' });
    for (const login of ['zoë', 'ZOË', 'zoe@example.ORG', '+31 6 1']) expect((await findUserByLogin(source.manager, login))?.id).toBe(id);
    expect(await findUserByLogin(source.manager, 'nobody')).toBeNull();
  });

  it.each([
    ['userName', { userName: 'KIM' }],
    ['email', { userName: 'other', email: 'KIM@example.org' }],
    ['phone', { userName: 'another', phone: '1' }],
  ])('share no %s', async (field, change) => {
    const kim = { userName: 'kim', passwordHash, email: 'kim@example.org', phone: '1' };
    if (!(await findUserByLogin(source.manager, 'kim'))) await createUser(source.manager, kim);
    await expect(createUser(source.manager, { passwordHash, ...change })).rejects.toMatchObject({ name: 'UserTaken', field });
  });

  it('can change their password', async () => {
    const { id } = await createUser(source.manager, { userName: 'pat', passwordHash });
    expect(await changePasswordHash(source.manager, id, 'new', false)).toBe(true);
    expect((await findUser(source.manager, id))?.passwordHash).toBe('new');
  });

  const newToken = async (userName: string, expiresAt = inHours(1)) => {
    const user = await createUser(source.manager, { userName, passwordHash });
    const tokenHash = createHash('sha256').update(randomBytes(32)).digest();
    const token = await createApiToken(source.manager, { userId: user.id, name: 'login', tokenHash, expiresAt });
    return { user, token, tokenHash };
  };

  it('come in with a token until it is revoked', async () => {
    const { user, token, tokenHash } = await newToken('with-token');
    await touchApiToken(source.manager, token.id);
    expect(await findUsableToken(source.manager, tokenHash)).toMatchObject({
      user: { id: user.id },
      token: { lastUsedAt: expect.any(Date) },
    });
    expect(await revokeApiToken(source.manager, token.id)).toBe(true);
    expect(await revokeApiToken(source.manager, token.id)).toBe(false);
    expect(await findUsableToken(source.manager, tokenHash)).toBeNull();
  });

  it('do not come in with an expired token, or when they are disabled', async () => {
    const expired = await newToken('late', inHours(-1));
    expect(await findUsableToken(source.manager, expired.tokenHash)).toBeNull();
    const disabled = await newToken('disabled');
    await source.getRepository(UserAccount).update({ id: disabled.user.id }, { enabled: false });
    expect(await findUsableToken(source.manager, disabled.tokenHash)).toBeNull();
  });

  it('leave no tokens that have been dead for a month', async () => {
    const old = await newToken('old', inHours(-24 * 40));
    const fresh = await newToken('fresh');
    expect(await forgetOldTokens(source.manager)).toBe(1);
    expect(await findUsableToken(source.manager, fresh.tokenHash)).not.toBeNull();
    expect(await findUsableToken(source.manager, old.tokenHash)).toBeNull();
  });
});
