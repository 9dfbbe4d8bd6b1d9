import type { Phase } from '@orderlines/contracts';
import type { Slot, SlotRun } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { BatchQueries, Statement } from './batch-session.js';
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
const COLUMNS = `p.id, p.namespace, p.slot_key as key, p.phase, p.ancestors, p.slot_limit as "limit", p.slot_policy as policy, p.seq::float8 as seq,
    p.parent_waits as "isAwaited", coalesce(p.waits_for->'circle', '[]') as circle`;

/** Every unfinished run with one of the keys: a run is judged by all of them. */
export const READ_SLOT_RUNS: Statement = {
  name: 'read-slot-runs',
  text: `select ${COLUMNS} from ${asTable(KEY)}
    join runtime.process_instance p on p.namespace = u.namespace and p.slot_key = u.key and ${UNFINISHED} order by p.id`,
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
}

/** Locks keys and reads their runs, as they are under that lock. */
export const lockSlots = async (queries: BatchQueries, keys: readonly SlotKey[]): Promise<RunWithSlot[]> => {
  if (keys.length === 0) return [];
  const [, { rows }] = await Promise.all([
    queries.run(LOCK_SLOT_KEYS, asArrays(KEY, keys)),
    queries.run<Row>(READ_SLOT_RUNS, asArrays(KEY, keys)),
  ]);
  return rows;
};

/** Reads the runs of these keys, without a lock. */
export const readSlotRuns = async (pool: Pool, keys: readonly SlotKey[]): Promise<RunWithSlot[]> =>
  (await pool.query<Row>({ ...READ_SLOT_RUNS, values: asArrays(KEY, keys) })).rows;

/** Keys that some run waits for. */
export const readWaitedForKeys = async (pool: Pool): Promise<SlotKey[]> => {
  const { rows } = await pool.query<SlotKey>({
    name: 'waited-for-slots',
    text: `select distinct p.namespace, p.slot_key as key from runtime.process_instance p
      where ${UNFINISHED} and p.phase = 'queued'
        and not exists (select from runtime.parked_event e where e.process_instance_id = p.id) limit 1000`,
  });
  return rows;
};
