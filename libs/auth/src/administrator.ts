import { createFirstAdministrator, createUser, type NewUser, type UserAccount } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { generatePassword, hashPassword, passwordProblem } from './password.js';

/** Name of the administrator that the first start makes. */
export const FIRST_ADMINISTRATOR = 'admin';

/** A password that does not follow the rules. */
export class WeakPassword extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WeakPassword';
  }
}

/**
 * Makes the first administrator when there is no user yet, with the given password or a generated one; null when there are users.
 * `generatedPassword` is stored nowhere else: show it once.
 */
export const ensureAdministrator = async (
  manager: EntityManager,
  given?: string,
): Promise<{ user: UserAccount; generatedPassword?: string } | null> => {
  const password = given || generatePassword();
  const problem = given ? passwordProblem(given, FIRST_ADMINISTRATOR) : undefined;
  if (problem) throw new WeakPassword(`ORDERLINES_ADMIN_PASSWORD cannot be used. ${problem}`);
  const user = await createFirstAdministrator(manager, { userName: FIRST_ADMINISTRATOR, passwordHash: await hashPassword(password) });
  return user && { user, ...(given ? {} : { generatedPassword: password }) };
};

/** Adds a user with a password; throws {@link WeakPassword} or persistence's `UserTaken`. */
export const addUser = async (
  manager: EntityManager,
  { password, ...user }: Omit<NewUser, 'passwordHash'> & { readonly password: string },
): Promise<UserAccount> => {
  const problem = passwordProblem(password, user.userName);
  if (problem) throw new WeakPassword(problem);
  return createUser(manager, { ...user, passwordHash: await hashPassword(password) });
};
