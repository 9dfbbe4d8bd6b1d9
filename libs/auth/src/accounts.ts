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
  const user = await createFirstAdministrator(manager, { userName: FIRST_ADMINISTRATOR, passwordHash: await hashPassword(chosen) });
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

/** Gives a user another password; throws {@link PasswordRefused}. */
export const replacePassword = async (
  manager: EntityManager,
  user: Pick<UserAccount, 'id' | 'userName'>,
  password: string,
): Promise<void> => {
  refuseWeak(password, user.userName);
  await changePasswordHash(manager, user.id, await hashPassword(password));
};

const refuseWeak = (password: string, userName: string): void => {
  const problems = passwordProblems(password, userName);
  if (problems.length > 0) throw new PasswordRefused(problems);
};
