import { createApiToken, findUserByLogin, type UserAccount } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { hashPassword, verifyPassword } from './password.js';
import { generateToken } from './token.js';

/** How long a login lasts. */
export const LOGIN_LASTS_MS = 30 * 24 * 3_600_000;

/** A hash that no password has: an unknown name takes as long to refuse as a wrong password. */
const nobody = hashPassword('nobody');

/** The user whose password this is, or undefined; says no equally fast whatever was wrong. */
export const checkLogin = async (manager: EntityManager, login: string, password: string): Promise<UserAccount | undefined> => {
  const user = await findUserByLogin(manager, login);
  const right = await verifyPassword(password, user?.passwordHash ?? (await nobody));
  return user && right && user.enabled ? user : undefined;
};

/** A new token for a user, stored as its hash. */
export const issueToken = async (
  manager: EntityManager,
  userId: string,
  name: string,
  lastsMs = LOGIN_LASTS_MS,
): Promise<{ id: string; token: string; expiresAt: Date }> => {
  const { token, hash } = generateToken();
  const stored = await createApiToken(manager, { userId, name, tokenHash: hash, expiresAt: new Date(Date.now() + lastsMs) });
  return { id: stored.id, token, expiresAt: stored.expiresAt };
};
