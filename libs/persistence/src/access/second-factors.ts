import { audit } from '../audit/audit-record.js';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { inTransaction } from '../in-transaction.js';

/** The shared secret of a user's authenticator app, sealed. */
export interface SecondFactor {
  readonly userId: string;
  readonly keyId: string;
  readonly box: Buffer;
  /** False: begun, but no code was ever shown; it is not asked for. */
  readonly confirmed: boolean;
}

/** What the sealed secret is bound to: it opens for no other user. */
export const boundToUser = (userId: string): string => `second factor ${userId}`;

/** The second factor of a user; null: there is none. */
export const findSecondFactor = async (manager: EntityManager, userId: string): Promise<SecondFactor | null> => {
  const [row] = await manager.query<SecondFactor[]>(
    `select user_id as "userId", key_id as "keyId", box, confirmed_at is not null as confirmed from access.second_factor where user_id = $1`,
    [userId],
  );
  return row ?? null;
};

/** Begins a second factor, in place of one that was begun and never used; false: there is one in use. */
export const beginSecondFactor = async (
  manager: EntityManager,
  { userId, keyId, box }: Omit<SecondFactor, 'confirmed'>,
): Promise<boolean> => {
  const rows = await manager.query<unknown[]>(
    `insert into access.second_factor (user_id, key_id, box) values ($1, $2, $3)
      on conflict (user_id) do update set key_id = excluded.key_id, box = excluded.box, last_step = 0
        where access.second_factor.confirmed_at is null
      returning user_id`,
    [userId, keyId, box],
  );
  return rows.length === 1;
};

/** Takes a code of that step and, with the first one, puts the factor in use; false: this step, or a later one, was taken before. */
export const takeStep = async (manager: EntityManager, userId: string, step: number): Promise<boolean> => {
  const [, taken] = await manager.query<[unknown[], number]>(
    `update access.second_factor set last_step = $2, confirmed_at = coalesce(confirmed_at, now()) where user_id = $1 and last_step < $2`,
    [userId, step],
  );
  return taken === 1;
};

/** Removes a second factor with its recovery codes; false: there was none. */
export const removeSecondFactor = async (manager: EntityManager, userId: string): Promise<boolean> => {
  const [, removed] = await manager.query<[unknown[], number]>('delete from access.second_factor where user_id = $1', [userId]);
  return removed === 1;
};

/** Puts recovery codes (their SHA-256) in place of all earlier ones. */
export const replaceRecoveryCodes = async (manager: EntityManager, userId: string, hashes: readonly Buffer[]): Promise<void> => {
  await manager.query('delete from access.recovery_code where user_id = $1', [userId]);
  await manager.query('insert into access.recovery_code (user_id, code_hash) select $1, unnest($2::bytea[])', [userId, hashes]);
};

/** Takes a recovery code, once; false: it is none, or was used. */
export const takeRecoveryCode = async (manager: EntityManager, userId: string, hash: Buffer): Promise<boolean> => {
  const [, taken] = await manager.query<[unknown[], number]>(
    'update access.recovery_code set used_at = now() where user_id = $1 and code_hash = $2 and used_at is null',
    [userId, hash],
  );
  return taken === 1;
};

/** Recovery codes that a user has left. */
export const countRecoveryCodes = async (manager: EntityManager, userId: string): Promise<number> => {
  const [row] = await manager.query<{ count: number }[]>(
    'select count(*)::int as count from access.recovery_code where user_id = $1 and used_at is null',
    [userId],
  );
  return row?.count ?? 0;
};

/** A shared secret as it is sealed. */
type SealedFactor = Pick<SecondFactor, 'userId' | 'keyId' | 'box'>;

/** Seals shared secrets again that are sealed with another key than this one, some at a time, and gives how many it did and how many are left. */
export const resealSecondFactors = (
  pool: Pool,
  keyId: string,
  reseal: (factor: SealedFactor) => Pick<SealedFactor, 'keyId' | 'box'>,
  atOnce = 100,
): Promise<{ readonly resealed: number; readonly remaining: number }> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<SealedFactor>(
      `select user_id as "userId", key_id as "keyId", box from access.second_factor where key_id <> $1 order by user_id limit $2
        for update skip locked`,
      [keyId, atOnce],
    );
    for (const factor of rows) {
      const sealed = reseal(factor);
      const values = [factor.userId, sealed.keyId, sealed.box];
      await client.query('update access.second_factor set key_id = $2, box = $3 where user_id = $1', values);
    }
    if (rows.length > 0) {
      const before = { keyIds: [...new Set(rows.map((row) => row.keyId))] };
      await audit.record(client, { action: 'rotate-key', subject: { kind: 'User' }, before, after: { keyId, secondFactors: rows.length } });
    }
    const { rows: left } = await client.query<{ count: string }>('select count(*) from access.second_factor where key_id <> $1', [keyId]);
    return { resealed: rows.length, remaining: Number(left[0]?.count ?? 0) };
  });
