import { changePasswordHash, createFirstAdministrator, createUser, type NewUser, type UserAccount } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { PasswordRefused } from './auth-error.js';
import { generatePassword, hashPassword, passwordProblems } from './password.js';

/** User name of the first administrator. */
export const FIRST_ADMINISTRATOR = 'admin';

/** An administrator that was made because there was no user at all. */
export interface FirstAdministrator {
  readonly user: UserAccount;
  /** To be shown once; absent when the password was given. */
  readonly generatedPassword?: string;
}

/** Makes the administrator `admin` when there is no user at all; null: there is somebody. Throws {@link PasswordRefused}. */
export const ensureAdministrator = async (manager: EntityManager, password?: string): Promise<FirstAdministrator | null> => {
  const chosen = password || generatePassword();
  refuseWeak(chosen, FIRST_ADMINISTRATOR);
  const user = await createFirstAdministrator(manager, {
    userName: FIRST_ADMINISTRATOR,
    passwordHash: await hashPassword(chosen),
    // Who gave it knows it; one that was made stands in a log.
    mustChangePassword: !password,
  });
  return user && { user, ...(password ? {} : { generatedPassword: chosen }) };
};

/** Adds a user with a password; throws {@link PasswordRefused}, and `UserTaken` of persistence. */
export const addUser = async (
  manager: EntityManager,
  { password, ...user }: Omit<NewUser, 'passwordHash'> & { readonly password: string },
): Promise<UserAccount> => {
  refuseWeak(password, user.userName);
  return createUser(manager, { ...user, passwordHash: await hashPassword(password) });
};

/** Adds a user with a password that is made, shown once, and must be changed at the first login; throws `UserTaken`. */
export const addUserWithOneTimePassword = async (
  manager: EntityManager,
  user: Omit<NewUser, 'passwordHash'>,
): Promise<{ readonly user: UserAccount; readonly oneTimePassword: string }> => {
  const oneTimePassword = generatePassword();
  return { user: await addUser(manager, { ...user, password: oneTimePassword, mustChangePassword: true }), oneTimePassword };
};

/** Adds a service account: it has no password, only tokens. Throws `UserTaken`. */
export const addServiceAccount = (manager: EntityManager, user: Omit<NewUser, 'passwordHash' | 'kind'>): Promise<UserAccount> =>
  createUser(manager, { ...user, kind: 'service', passwordHash: '' });

/** Gives a user another password of their own choice; throws {@link PasswordRefused}. */
export const replacePassword = async (
  manager: EntityManager,
  user: Pick<UserAccount, 'id' | 'userName'>,
  password: string,
): Promise<void> => {
  refuseWeak(password, user.userName);
  await changePasswordHash(manager, user.id, await hashPassword(password), false);
};

/** Gives a user a password that is made, shown once, and must be changed at the next login. */
export const makeOneTimePassword = async (manager: EntityManager, user: Pick<UserAccount, 'id'>): Promise<string> => {
  const oneTimePassword = generatePassword();
  await changePasswordHash(manager, user.id, await hashPassword(oneTimePassword), true);
  return oneTimePassword;
};

const refuseWeak = (password: string, userName: string): void => {
  const problems = passwordProblems(password, userName);
  if (problems.length > 0) throw new PasswordRefused(problems);
};
