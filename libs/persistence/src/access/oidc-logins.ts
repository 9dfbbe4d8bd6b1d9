import type { EntityManager } from 'typeorm';
import { UserAccount } from '../entities/index.js';

/** A login on its way to the OIDC provider and back. */
export interface OidcAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Path to go to in the end. */
  readonly returnTo: string;
}

/** Who somebody is at an OIDC provider. */
export interface OidcIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** Keeps an attempt under the SHA-256 of what its browser holds, and forgets those that were given up. */
export const keepOidcAttempt = async (manager: EntityManager, browserHash: Buffer, attempt: OidcAttempt): Promise<void> => {
  await manager.query(`delete from access.oidc_attempt where created_at < now() - interval '1 hour'`);
  await manager.query(
    'insert into access.oidc_attempt (browser_hash, state, nonce, code_verifier, return_to) values ($1, $2, $3, $4, $5)',
    [browserHash, attempt.state, attempt.nonce, attempt.codeVerifier, attempt.returnTo],
  );
};

/** Takes an attempt out, so that its answer counts once; null: there is none, or it took too long. */
export const takeOidcAttempt = async (manager: EntityManager, browserHash: Buffer, withinMs: number): Promise<OidcAttempt | null> => {
  const [rows] = await manager.query<[(OidcAttempt & { fresh: boolean })[], number]>(
    `delete from access.oidc_attempt where browser_hash = $1
      returning state, nonce, code_verifier as "codeVerifier", return_to as "returnTo", created_at > now() - $2::float8 * interval '1 ms' as fresh`,
    [browserHash, withinMs],
  );
  const [attempt] = rows;
  return attempt?.fresh ? attempt : null;
};

/** The user that an identity belongs to, or null. */
export const findUserByIdentity = async (manager: EntityManager, { issuer, subject }: OidcIdentity): Promise<UserAccount | null> => {
  const [row] = await manager.query<{ id: string }[]>('select user_id as id from access.oidc_identity where issuer = $1 and subject = $2', [
    issuer,
    subject,
  ]);
  return row ? manager.getRepository(UserAccount).findOneBy({ id: row.id }) : null;
};

/** The person whose e-mail address this is, if they have not set it themselves. */
export const findUserByTrustedEmail = (manager: EntityManager, email: string): Promise<UserAccount | null> =>
  manager
    .createQueryBuilder(UserAccount, 'u')
    .where(`lower(u.email) = lower(:email) and u.emailTrusted and u.kind = 'person'`, { email })
    .getOne();

/** Remembers whose an identity is. */
export const linkIdentity = async (manager: EntityManager, { issuer, subject }: OidcIdentity, userId: string): Promise<void> => {
  await manager.query('insert into access.oidc_identity (issuer, subject, user_id) values ($1, $2, $3) on conflict do nothing', [
    issuer,
    subject,
    userId,
  ]);
};
