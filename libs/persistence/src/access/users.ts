import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { UserAccount } from '../entities/index.js';
import { AccessRefused } from './access-refused.js';
import { constraintOf } from '../postgres-error.js';

/** A person to be added. */
export interface NewUser {
  readonly userName: string;
  readonly passwordHash: string;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly displayName?: string;
  readonly administrator?: boolean;
}

/** Fields that no two users share. */
export type UniqueUserField = 'userName' | 'email' | 'phone';

const FIELD_OF_INDEX: Readonly<Record<string, UniqueUserField>> = {
  user_account_user_name: 'userName',
  user_account_email: 'email',
  user_account_phone: 'phone',
};

/** Another user has that name, e-mail or phone. */
export class UserTaken extends Error {
  constructor(
    readonly field: UniqueUserField,
    options?: ErrorOptions,
  ) {
    super(`Another user has this ${{ userName: 'user name', email: 'e-mail address', phone: 'phone number' }[field]}.`, options);
    this.name = 'UserTaken';
  }
}

/** Adds a user; throws {@link UserTaken}. */
export const createUser = async (manager: EntityManager, user: NewUser): Promise<UserAccount> => {
  const id = uuidv7();
  try {
    await manager.getRepository(UserAccount).insert({ id, ...user });
  } catch (error) {
    const field = FIELD_OF_INDEX[constraintOf(error) ?? ''];
    throw field ? new UserTaken(field, { cause: error }) : error;
  }
  return manager.getRepository(UserAccount).findOneByOrFail({ id });
};

/** The user whose name, e-mail or phone this is, in that order; upper and lower case are the same. */
export const findUserByLogin = async (manager: EntityManager, login: string): Promise<UserAccount | null> => {
  for (const condition of ['lower(u.userName) = lower(:login)', 'lower(u.email) = lower(:login)', 'u.phone = :login']) {
    const user = await manager.createQueryBuilder(UserAccount, 'u').where(condition, { login }).getOne();
    if (user) return user;
  }
  return null;
};

/** A user by id, or null. */
export const findUser = (manager: EntityManager, id: string): Promise<UserAccount | null> =>
  manager.getRepository(UserAccount).findOneBy({ id });

/** Ids of users by their names. Throws {@link AccessRefused} for one that is not known. */
export const userIdsOf = async (manager: EntityManager, userNames: readonly string[]): Promise<string[]> => {
  const names = [...new Set(userNames.map((name) => name.toLowerCase()))];
  const found = await manager.query<{ id: string; name: string }[]>(
    'select id, lower(user_name) as name from access.user_account where lower(user_name) = any ($1::text[])',
    [names],
  );
  const missing = names.find((wanted) => !found.some(({ name }) => name === wanted));
  if (missing !== undefined) throw new AccessRefused('unknown', 'user', `There is no user "${missing}".`);
  return found.map(({ id }) => id);
};

/** Adds the first administrator when there is no user at all; null: there is somebody already. Safe when several services start. */
export const createFirstAdministrator = (manager: EntityManager, user: NewUser): Promise<UserAccount | null> =>
  manager.transaction(async (transaction) => {
    await transaction.query('lock table access.user_account in share row exclusive mode');
    if (await transaction.getRepository(UserAccount).exists()) return null;
    return createUser(transaction, { ...user, administrator: true });
  });

/** Stores another password hash; false: there is no such user. */
export const changePasswordHash = async (manager: EntityManager, userId: string, passwordHash: string): Promise<boolean> => {
  const { affected } = await manager.getRepository(UserAccount).update({ id: userId }, { passwordHash, updatedAt: () => 'now()' });
  return affected === 1;
};
