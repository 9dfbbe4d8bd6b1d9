import { type EntityManager, IsNull, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApiToken, UserAccount } from '../entities/index.js';

/** A token to be kept: its hash, never the token. */
export interface NewApiToken {
  readonly userId: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly tokenHash: Buffer;
  readonly expiresAt: Date;
}

/** Keeps a token. */
export const createApiToken = async (manager: EntityManager, token: NewApiToken): Promise<ApiToken> => {
  const id = uuidv7();
  await manager.getRepository(ApiToken).insert({ id, ...token });
  return manager.getRepository(ApiToken).findOneByOrFail({ id });
};

/** The token of that hash and its user, when both may be used now: not revoked, not expired, user enabled. */
export const findUsableToken = async (
  manager: EntityManager,
  tokenHash: Buffer,
): Promise<{ token: ApiToken; user: UserAccount } | null> => {
  const token = await manager
    .createQueryBuilder(ApiToken, 't')
    .where('t.tokenHash = :tokenHash and t.revokedAt is null and t.expiresAt > now()', { tokenHash })
    .getOne();
  const user = token && (await manager.getRepository(UserAccount).findOneBy({ id: token.userId, enabled: true }));
  return token && user ? { token, user } : null;
};

/** Remembers that a token was used; at most once a minute, so that reading does not become writing. */
export const touchApiToken = async (manager: EntityManager, id: string): Promise<void> => {
  await manager
    .createQueryBuilder()
    .update(ApiToken)
    .set({ lastUsedAt: () => 'now()' })
    .where(`id = :id and (last_used_at is null or last_used_at < now() - interval '1 minute')`, { id })
    .execute();
};

/** Makes a token useless from now on; false: it was already, or is unknown. */
export const revokeApiToken = async (manager: EntityManager, id: string): Promise<boolean> => {
  const { affected } = await manager.getRepository(ApiToken).update({ id, revokedAt: IsNull() }, { revokedAt: () => 'now()' });
  return affected === 1;
};

/** Makes all tokens of a user but this one useless from now on. */
export const revokeOtherTokens = async (manager: EntityManager, userId: string, id: string): Promise<void> => {
  await manager.getRepository(ApiToken).update({ userId, id: Not(id), revokedAt: IsNull() }, { revokedAt: () => 'now()' });
};

/** Removes tokens that nobody could use for a month; answers with their number. */
export const forgetOldTokens = async (manager: EntityManager): Promise<number> => {
  const { affected } = await manager
    .createQueryBuilder()
    .delete()
    .from(ApiToken)
    .where(`least(expires_at, coalesce(revoked_at, 'infinity')) < now() - interval '1 month'`)
    .execute();
  return affected ?? 0;
};
