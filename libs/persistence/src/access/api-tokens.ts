import type { PermissionRule } from '@orderlines/contracts';
import { type EntityManager, In, IsNull, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApiToken, UserAccount } from '../entities/index.js';

/** A token to be kept: its hash, never the token. */
export interface NewApiToken {
  readonly userId: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly tokenHash: Buffer;
  readonly expiresAt: Date;
  readonly kind?: ApiToken['kind'];
  readonly sessionId?: string;
  /** What may be done with it at most; null: whatever its owner may. */
  readonly rules?: PermissionRule[] | null;
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

/** Which tokens of a user; `login` are those of the command line's login. */
export interface TokenChoice {
  readonly userId: string;
  readonly kinds: readonly ApiToken['kind'][];
}

/** Tokens of a user that can be used, newest first. */
export const listApiTokens = (manager: EntityManager, { userId, kinds }: TokenChoice): Promise<ApiToken[]> =>
  manager.getRepository(ApiToken).find({
    where: { userId, kind: In([...kinds]), revokedAt: IsNull(), expiresAt: MoreThan(new Date()) },
    order: { createdAt: 'DESC', id: 'DESC' },
    take: 500,
  });

/** A token of a user, used up or not; null: there is none. */
export const findApiToken = (manager: EntityManager, userId: string, id: string): Promise<ApiToken | null> =>
  manager.getRepository(ApiToken).findOneBy({ userId, id });

/** Makes tokens of a user useless from now on, but not `but`. */
export const revokeApiTokens = async (manager: EntityManager, { userId, kinds }: TokenChoice, but?: string): Promise<void> => {
  await manager
    .createQueryBuilder()
    .update(ApiToken)
    .set({ revokedAt: () => 'now()' })
    .where('user_id = :userId and kind in (:...kinds) and revoked_at is null', { userId, kinds })
    .andWhere(but === undefined ? 'true' : 'id <> :but', { but })
    .execute();
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
