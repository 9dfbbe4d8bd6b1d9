import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { UUID } from '../read-models/page.js';

/** Where a request of a session came from. */
export interface SessionPlace {
  /** Network address. */
  readonly address: string;
  /** What the browser calls itself. */
  readonly userAgent: string;
}

/** How somebody logged in. */
export type LoginMethod = 'password' | 'oidc';

/** Why a session has ended; `reuse`: one of its refresh tokens was shown twice; `surplus`: too many. */
export type SessionEnd = 'logout' | 'revoked' | 'reuse' | 'password' | 'disabled' | 'surplus';

/** A login from its beginning to its end, over all its tokens. */
export interface LoginSession extends SessionPlace {
  readonly id: string;
  readonly userId: string;
  readonly method: LoginMethod;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** A session to be kept, with the hash of its first refresh token. */
export interface NewLoginSession extends SessionPlace {
  readonly userId: string;
  readonly method: LoginMethod;
  readonly refreshHash: Buffer;
  /** Ends without an exchange for this long. */
  readonly idleMs: number;
  /** Ends after this, whatever happens. */
  readonly lastsMs: number;
}

const SESSION = `id, user_id as "userId", method, created_at as "createdAt", address, user_agent as "userAgent",
  last_used_at as "lastUsedAt", expires_at as "expiresAt"`;
const LIVE = 'ended_at is null and expires_at > now()';

/** Live sessions of one user; the next one ends the one that was not used for longest. */
const MAX_SESSIONS = 50;

/** Begins a session. */
export const beginLoginSession = async (manager: EntityManager, session: NewLoginSession): Promise<LoginSession> => {
  const { userId, method, address, userAgent, refreshHash, idleMs, lastsMs } = session;
  const [begun] = await manager.query<LoginSession[]>(
    `insert into access.login_session (id, user_id, method, address, user_agent, expires_at, ends_at)
      values ($1, $2, $3, $4, $5, now() + least($6::float8, $7) * interval '1 ms', now() + $7::float8 * interval '1 ms')
      returning ${SESSION}`,
    [uuidv7(), userId, method, address, userAgent, idleMs, lastsMs],
  );
  if (begun === undefined) throw new Error('Postgres gave no row back');
  await manager.query('insert into access.refresh_token (token_hash, session_id) values ($1, $2)', [refreshHash, begun.id]);
  await manager.query(
    `with surplus as (
        update access.login_session set ended_at = now(), ended_why = 'surplus' where id in (
          select id from access.login_session where user_id = $1 and ${LIVE} order by last_used_at desc, id desc offset $2) returning id)
      update access.api_token t set revoked_at = now() from surplus where t.session_id = surplus.id and t.revoked_at is null`,
    [userId, MAX_SESSIONS],
  );
  return begun;
};

/** What became of a refresh token that was shown: the session goes on, was ended because the token was shown before, or there is none. */
export type Exchange =
  | { readonly outcome: 'exchanged'; readonly session: LoginSession }
  | { readonly outcome: 'reused'; readonly session: Pick<LoginSession, 'id' | 'userId'> }
  | { readonly outcome: 'unknown' };

/**
 * Takes a refresh token and puts another one in its place. Each is taken once: one that is shown again ends its session, since either who
 * shows it or who showed it first has stolen it. To be called in a transaction.
 */
export const exchangeRefreshToken = async (
  manager: EntityManager,
  tokenHash: Buffer,
  next: SessionPlace & { readonly refreshHash: Buffer; readonly idleMs: number },
): Promise<Exchange> => {
  const [known] = await manager.query<{ sessionId: string; userId: string; used: boolean; live: boolean }[]>(
    `select t.session_id as "sessionId", s.user_id as "userId", t.used_at is not null as used, ${LIVE} as live
       from access.refresh_token t join access.login_session s on s.id = t.session_id where t.token_hash = $1 for update`,
    [tokenHash],
  );
  if (known === undefined || (!known.used && !known.live)) return { outcome: 'unknown' };
  if (known.used) {
    await endLoginSessions(manager, { userId: known.userId, id: known.sessionId }, 'reuse');
    return { outcome: 'reused', session: { id: known.sessionId, userId: known.userId } };
  }
  await manager.query('update access.refresh_token set used_at = now() where token_hash = $1', [tokenHash]);
  await manager.query('insert into access.refresh_token (token_hash, session_id) values ($1, $2)', [next.refreshHash, known.sessionId]);
  const rows = await manager.query<[LoginSession[], number]>(
    `update access.login_session set last_used_at = now(), address = $2, user_agent = $3,
        expires_at = least(ends_at, now() + $4::float8 * interval '1 ms') where id = $1 returning ${SESSION}`,
    [known.sessionId, next.address, next.userAgent, next.idleMs],
  );
  const [session] = rows[0];
  return session === undefined ? { outcome: 'unknown' } : { outcome: 'exchanged', session };
};

/** Live sessions of a user, the one used last first. */
export const listLoginSessions = (manager: EntityManager, userId: string): Promise<LoginSession[]> =>
  manager.query<LoginSession[]>(
    `select ${SESSION} from access.login_session where user_id = $1 and ${LIVE} order by last_used_at desc, id limit 500`,
    [userId],
  );

/** Which sessions of a user: one, all but one, or all. */
export interface SessionChoice {
  readonly userId: string;
  readonly id?: string;
  readonly but?: string | undefined;
}

/** Ends sessions and makes their tokens useless; answers with the number of sessions that were still live. */
export const endLoginSessions = async (manager: EntityManager, { userId, id, but }: SessionChoice, why: SessionEnd): Promise<number> => {
  if (id !== undefined && !UUID.test(id)) return 0;
  const [ended] = await manager.query<{ count: number }[]>(
    `with ended as (
        update access.login_session set ended_at = now(), ended_why = $4
         where user_id = $1 and ended_at is null and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3) returning id),
      revoked as (
        update access.api_token t set revoked_at = now() from ended where t.session_id = ended.id and t.revoked_at is null)
      select count(*)::int as count from ended`,
    [userId, id ?? null, but ?? null, why],
  );
  return ended?.count ?? 0;
};

/** Remembers that a session was used; at most once a minute. */
export const touchLoginSession = async (manager: EntityManager, id: string): Promise<void> => {
  await manager.query(`update access.login_session set last_used_at = now() where id = $1 and last_used_at < now() - interval '1 minute'`, [
    id,
  ]);
};

/** Removes sessions that nobody could use for a month, with their tokens. */
export const forgetOldSessions = async (manager: EntityManager): Promise<void> => {
  await manager.query(
    `delete from access.login_session where least(expires_at, coalesce(ended_at, 'infinity')) < now() - interval '1 month'`,
  );
};
