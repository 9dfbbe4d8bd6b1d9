import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { UserAccount } from '../entities/index.js';
import { AccessRefused } from './access-refused.js';
import { constraintOf, sqlStateOf } from '../postgres-error.js';

/** A person to be added. */
export interface NewUser {
  readonly userName: string;
  readonly passwordHash: string;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly displayName?: string;
  readonly administrator?: boolean;
  readonly locale?: 'en' | 'zh';
  readonly departmentId?: string | null;
  readonly kind?: 'person' | 'service';
  readonly approved?: boolean;
  readonly mustChangePassword?: boolean;
  readonly emailTrusted?: boolean;
}

/** What can be changed of a user beside the password. */
export type UserChange = Partial<
  Pick<
    UserAccount,
    | 'userName'
    | 'email'
    | 'phone'
    | 'displayName'
    | 'locale'
    | 'administrator'
    | 'enabled'
    | 'approved'
    | 'departmentId'
    | 'mustChangePassword'
    | 'emailTrusted'
  >
>;

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

/** Foreign key from users to departments, as Postgres names it. */
const DEPARTMENT_KEY = 'user_account_department_id_fkey';

/** A user was to be put into a department that is not there. */
export class DepartmentMissing extends Error {
  constructor(options?: ErrorOptions) {
    super('There is no such department.', options);
    this.name = 'DepartmentMissing';
  }
}

/** Adds a user; throws {@link UserTaken} and {@link DepartmentMissing}. */
export const createUser = async (manager: EntityManager, user: NewUser): Promise<UserAccount> => {
  const id = uuidv7();
  await namingTheTaken(() => manager.getRepository(UserAccount).insert({ id, ...user }));
  return manager.getRepository(UserAccount).findOneByOrFail({ id });
};

/** Changes a user; null: there is no such user. Throws {@link UserTaken} and {@link DepartmentMissing}. */
export const changeUser = async (manager: EntityManager, id: string, change: UserChange): Promise<UserAccount | null> => {
  await namingTheTaken(() => manager.getRepository(UserAccount).update({ id }, { ...change, updatedAt: () => 'now()' }));
  return findUser(manager, id);
};

const namingTheTaken = async (write: () => Promise<unknown>): Promise<void> => {
  try {
    await write();
  } catch (error) {
    const constraint = constraintOf(error) ?? '';
    if (constraint === DEPARTMENT_KEY) throw new DepartmentMissing({ cause: error });
    const field = FIELD_OF_INDEX[constraint];
    throw field ? new UserTaken(field, { cause: error }) : error;
  }
};

/** Locks the administrators that can log in until the transaction ends, and counts them: there must always be one. */
export const countAdministrators = async (manager: EntityManager): Promise<number> =>
  (await manager.query<unknown[]>('select id from access.user_account where administrator and enabled order by id for update')).length;

/** Something of the platform still belongs to the user. */
export class UserInUse extends Error {
  constructor(options?: ErrorOptions) {
    super('Something still belongs to this user: disable the account instead of removing it.', options);
    this.name = 'UserInUse';
  }
}

const FOREIGN_KEY_VIOLATION = '23503';

/** Removes a user with all tokens and sessions; throws {@link UserInUse}. */
export const deleteUser = async (manager: EntityManager, id: string): Promise<void> => {
  try {
    await manager.query('delete from access.api_token where user_id = $1', [id]);
    await manager.getRepository(UserAccount).delete({ id });
  } catch (error) {
    throw sqlStateOf(error) === FOREIGN_KEY_VIOLATION ? new UserInUse({ cause: error }) : error;
  }
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

/** Stores another password hash, which the user must or need not change at the next login; false: there is no such user. */
export const changePasswordHash = async (
  manager: EntityManager,
  userId: string,
  passwordHash: string,
  mustChangePassword: boolean,
): Promise<boolean> => {
  const change = { passwordHash, mustChangePassword, updatedAt: () => 'now()' };
  const { affected } = await manager.getRepository(UserAccount).update({ id: userId }, change);
  return affected === 1;
};
