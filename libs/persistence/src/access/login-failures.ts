import type { EntityManager } from 'typeorm';

/** What failed logins are counted by: the account that was tried, and the address that tried it. */
export type FailureKind = 'account' | 'address';

/** Failed logins of one account or address. */
export interface LoginFailures {
  readonly kind: FailureKind;
  readonly key: string;
  readonly count: number;
  /** Since the last one, by the database's clock. */
  readonly agoMs: number;
}

const COUNTS = `kind, key, count, extract(epoch from clock_timestamp() - last_at)::float8 * 1000 as "agoMs"`;

/** Counts of an account and an address, locked until the transaction ends; what was never seen has count 0. */
export const lockLoginFailures = async (
  manager: EntityManager,
  keys: Readonly<Record<FailureKind, string>>,
): Promise<Readonly<Record<FailureKind, LoginFailures>>> => {
  const found: Partial<Record<FailureKind, LoginFailures>> = {};
  // Always in this order: two logins never wait for each other.
  for (const kind of ['account', 'address'] as const) {
    await manager.query('insert into access.login_failure (kind, key, count) values ($1, $2, 0) on conflict do nothing', [
      kind,
      keys[kind],
    ]);
    const [row] = await manager.query<LoginFailures[]>(
      `select ${COUNTS} from access.login_failure where kind = $1 and key = $2 for update`,
      [kind, keys[kind]],
    );
    found[kind] = row ?? { kind, key: keys[kind], count: 0, agoMs: 0 };
  }
  return found as Record<FailureKind, LoginFailures>;
};

/** Sets how often it has failed; now was the last time. */
export const setLoginFailures = async (manager: EntityManager, kind: FailureKind, key: string, count: number): Promise<void> => {
  await manager.query('update access.login_failure set count = $3, last_at = clock_timestamp() where kind = $1 and key = $2', [
    kind,
    key,
    count,
  ]);
};

/** Takes one failure back. */
export const takeBackLoginFailure = async (manager: EntityManager, kind: FailureKind, key: string): Promise<void> => {
  await manager.query('update access.login_failure set count = greatest(count - 1, 0) where kind = $1 and key = $2', [kind, key]);
};

/** Failed logins of an account; null: there were none lately. */
export const readLoginFailures = async (manager: EntityManager, account: string): Promise<LoginFailures | null> => {
  const [row] = await manager.query<LoginFailures[]>(`select ${COUNTS} from access.login_failure where kind = 'account' and key = $1`, [
    account,
  ]);
  return row ?? null;
};

/** Forgets the failed logins of an account. */
export const forgetLoginFailures = async (manager: EntityManager, account: string): Promise<void> => {
  await manager.query(`delete from access.login_failure where kind = 'account' and key = $1`, [account]);
};

/** Removes what is older than that. */
export const forgetOldLoginFailures = async (manager: EntityManager, olderThanMs: number): Promise<void> => {
  await manager.query(`delete from access.login_failure where last_at < now() - $1::float8 * interval '1 ms'`, [olderThanMs]);
};
