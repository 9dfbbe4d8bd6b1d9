import type { Phase } from '@orderlines/contracts';
import type { Slot, SlotRun } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { BatchQueries, Statement } from './batch-session.js';
import { binaryArray } from './binary-arrays.js';
import { asArrays, asTable, type Column } from './columns.js';

/** A concurrency key; each namespace has its own. */
export interface SlotKey {
  readonly namespace: string;
  readonly key: string;
}

/** An unfinished run with its key. */
export interface RunWithSlot extends SlotRun, SlotKey {
  readonly seq: number;
  /** True: the run that started it cannot end before it. */
  readonly isAwaited: boolean;
  /** Runs with which it was found to wait in a circle. */
  readonly circle: readonly string[];
  /** An event of it is put aside: it takes no slot before a person has decided about that. */
  readonly isParked: boolean;
}

const KEY: readonly Column<SlotKey>[] = [
  ['namespace', 'text', ({ namespace }) => namespace],
  ['key', 'text', ({ key }) => key],
];

/** Held to the end of the transaction, taken in one order by everybody: who takes a slot sees who took one before. */
export const LOCK_SLOT_KEYS: Statement = {
  name: 'lock-slot-keys',
  text: `select pg_advisory_xact_lock(k.lock) from (
      select distinct hashtextextended('slot ' || u.namespace || E'\\x1f' || u.key, 0) as lock from ${asTable(KEY)} order by 1) k`,
};

const UNFINISHED = `p.slot_key is not null and p.status in ('PENDING', 'RUNNING', 'PAUSED')`;
const HOLDS = `${UNFINISHED} and p.phase <> 'queued'`;
const WAITS = `${UNFINISHED} and p.phase = 'queued'`;
/** Runs of one policy that are read of a queue when the next is judged. The first that waits is among them, however many there are. */
const FIRST = 50;
/** Runs of a queue in which circles are looked for. */
const LOOKED_AT = 1_000;
const COLUMNS = `p.id, p.namespace, p.slot_key as key, p.phase, p.ancestors, p.slot_limit as "limit", p.slot_policy as policy, p.seq::float8 as seq,
    p.parent_waits as "isAwaited", coalesce(p.waits_for->'circle', '[]') as circle,
    exists (select from runtime.parked_event e where e.process_instance_id = p.id) as "isParked"`;

const ofKey = (what: string, order = ''): string =>
  `(select ${COLUMNS} from runtime.process_instance p where p.namespace = u.namespace and p.slot_key = u.key and ${what} ${order})`;
const firstOf = (policy: Slot['policy']): string => ofKey(`${WAITS} and p.slot_policy = '${policy}'`, `order by p.id limit $3`);

/**
 * What decides who is next under one of the keys: the runs that hold a slot, and of those that wait the first of each policy, of
 * \`cancel_running\` the last. Its cost does not grow with the queue.
 */
export const READ_SLOT_RUNS: Statement = {
  name: 'read-slot-runs',
  text: `select r.* from ${asTable(KEY)} cross join lateral (
      ${[
        ofKey(HOLDS),
        ...[firstOf('queue'), firstOf('skip'), firstOf('fail')],
        ofKey(`${WAITS} and p.slot_policy = 'cancel_running'`, 'order by p.id desc limit $3'),
      ].join(' union all ')}) r`,
};

/** Runs that are judged themselves, wherever in the queue they stand. */
export const READ_JUDGED_RUNS: Statement = {
  name: 'read-judged-runs',
  text: `select ${COLUMNS} from unnest($1::uuid[]) as u (id) join runtime.process_instance p on p.id = u.id`,
};

interface Row extends SlotKey {
  id: string;
  phase: Phase;
  ancestors: string[];
  limit: number;
  policy: Slot['policy'];
  seq: number;
  isAwaited: boolean;
  circle: string[];
  isParked: boolean;
}

/** Locks keys and reads what decides about these runs, as it is under that lock. */
export const lockSlots = async (queries: BatchQueries, keys: readonly SlotKey[], ids: readonly string[]): Promise<RunWithSlot[]> => {
  if (keys.length === 0) return [];
  const [, first, judged] = await Promise.all([
    queries.run(LOCK_SLOT_KEYS, asArrays(KEY, keys)),
    queries.run<Row>(READ_SLOT_RUNS, [...asArrays(KEY, keys), FIRST]),
    queries.run<Row>(READ_JUDGED_RUNS, [binaryArray('uuid', ids)]),
  ]);
  return inOrder([...first.rows, ...judged.rows.filter(({ phase }) => phase !== 'done')]);
};

/** Reads what decides who is next under these keys, without a lock. */
export const readNextRuns = (pool: Pool, keys: readonly SlotKey[]): Promise<RunWithSlot[]> => readSlotRuns(pool, keys, FIRST);

/** Reads the runs of these keys among which circles are looked for. */
export const readQueues = (pool: Pool, keys: readonly SlotKey[]): Promise<RunWithSlot[]> => readSlotRuns(pool, keys, LOOKED_AT);

const readSlotRuns = async (pool: Pool, keys: readonly SlotKey[], most: number): Promise<RunWithSlot[]> =>
  inOrder((await pool.query<Row>({ ...READ_SLOT_RUNS, values: [...asArrays(KEY, keys), most] })).rows);

/** Each run once, in the order in which they came. */
const inOrder = (rows: readonly Row[]): Row[] =>
  [...new Map(rows.map((row) => [row.id, row])).values()].sort((one, other) => (one.id < other.id ? -1 : 1));

const keysFrom = (more: string): string =>
  `(select p.namespace, p.slot_key from runtime.process_instance p where ${WAITS} ${more} order by p.namespace, p.slot_key limit 1)`;

/** Keys that some run waits for, from one to the next by the index: a long queue is passed over in one step. */
export const READ_WAITED_FOR_KEYS: Statement = {
  name: 'waited-for-slots',
  text: `with recursive k as (
      ${keysFrom('')}
      union all
      select n.* from k cross join lateral ${keysFrom('and (p.namespace, p.slot_key) > (k.namespace, k.slot_key)')} n
    ) select namespace, slot_key as key from k limit 1000`,
};

/** Keys that some run waits for. */
export const readWaitedForKeys = async (pool: Pool): Promise<SlotKey[]> => (await pool.query<SlotKey>(READ_WAITED_FOR_KEYS)).rows;
