import type { Json } from '@orderlines/contracts';
import type { ClosedSignalWait, OpenedSignalWait } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import type { BatchQueries, Statement } from './batch-session.js';
import { asArrays, asTable, insertStatement, type Column } from './columns.js';
import type { OfRun } from './tasks.sql.js';

/** Where signals and waits meet. */
export interface SignalKey {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** A signal as it was sent. */
export interface SentSignal extends SignalKey {
  readonly id: string;
  readonly payload: Json;
  readonly sender: string;
  /** The sender's operation id: the same signal sent again is not another one. */
  readonly senderKey: string;
}

/** A wait of a run in a namespace. */
export type OpenedWait = OfRun<OpenedSignalWait & { readonly namespace: string }>;

/** A signal and the wait it is for. */
export interface MetSignal {
  readonly signalId: string;
  readonly instanceId: string;
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly payload: Json;
}

/** What a batch does to signals and waits. */
export interface SignalWork {
  readonly sent: readonly SentSignal[];
  readonly opened: readonly OpenedWait[];
  readonly closed: readonly OfRun<ClosedSignalWait>[];
}

/** A signal nobody waits for is kept so long. */
const KEPT = `interval '1 day'`;
/** Pairs that one statement brings together. */
const MEETINGS = 1_000;

const SIGNAL: readonly Column<SentSignal>[] = [
  ['id', 'uuid', (signal) => signal.id],
  ['namespace', 'text', (signal) => signal.namespace],
  ['name', 'text', (signal) => signal.name],
  ['key', 'text', (signal) => signal.key],
  ['payload', 'json', (signal) => JSON.stringify(signal.payload)],
  ['sender', 'text', (signal) => signal.sender],
  ['sender_key', 'text', (signal) => signal.senderKey],
];
const WAIT: readonly Column<OpenedWait>[] = [
  ['process_instance_id', 'uuid', ({ instanceId }) => instanceId],
  ['task_instance_id', 'uuid', ({ row }) => row.taskInstanceId],
  ['attempt', 'int', ({ row }) => row.attempt],
  ['namespace', 'text', ({ row }) => row.namespace],
  ['name', 'text', ({ row }) => row.name],
  ['key', 'text', ({ row }) => row.key],
];
const CLOSED: readonly Column<OfRun<ClosedSignalWait>>[] = [
  ['process_instance_id', 'uuid', ({ instanceId }) => instanceId],
  ['task_instance_id', 'uuid', ({ row }) => row.taskInstanceId],
  ['attempt', 'int', ({ row }) => row.attempt],
  ['taken', 'uuid', ({ row }) => row.signalId],
];
const KEY: readonly Column<SignalKey>[] = [
  ['namespace', 'text', (at) => at.namespace],
  ['name', 'text', (at) => at.name],
  ['key', 'text', (at) => at.key],
];
const SAME_WAIT = (one: string, other: string) =>
  ['process_instance_id', 'task_instance_id', 'attempt'].map((column) => `${one}.${column} = ${other}.${column}`).join(' and ');
const SAME_KEY = (one: string, other: string) => KEY.map(([column]) => `${one}.${column} = ${other}.${column}`).join(' and ');

export const READ_WAIT_KEYS: Statement = {
  name: 'read-wait-keys',
  text: `select w.namespace, w.name, w.key from ${asTable(CLOSED)} join runtime.signal_wait w on ${SAME_WAIT('w', 'u')}`,
};

/** Held to the end of the transaction, taken in one order by everybody: of a wait and its signal the later one sees the other. */
export const LOCK_SIGNAL_KEYS: Statement = {
  name: 'lock-signal-keys',
  text: `select pg_advisory_xact_lock(k.lock) from (
      select distinct hashtextextended('signal ' || u.namespace || E'\\x1f' || u.name || E'\\x1f' || u.key, 0) as lock
      from ${asTable(KEY)} order by 1) k`,
};

export const INSERT_SIGNALS: Statement = {
  name: 'insert-signals',
  text: insertStatement('runtime.signal', SIGNAL, 'on conflict do nothing'),
};

export const INSERT_WAITS: Statement = {
  name: 'insert-signal-waits',
  text: insertStatement('runtime.signal_wait', WAIT, 'on conflict do nothing'),
};

/** Waits that are over go; the signal one took is used, the one that was meant for it and not taken is free again. */
export const CLOSE_WAITS: Statement = {
  name: 'close-signal-waits',
  text: `with closed as (
      delete from runtime.signal_wait w using ${asTable(CLOSED)} where ${SAME_WAIT('w', 'u')} returning w.signal_id, u.taken
    ), freed as (
      update runtime.signal s set process_instance_id = null, task_instance_id = null, attempt = null
      from closed c where s.id = c.signal_id and c.taken is null
    )
    update runtime.signal s set taken_at = now() from closed c where s.id = c.taken`,
};

/** Brings the oldest free signals and the oldest open waits of some keys together, one for one. */
export const MEET: Statement = {
  name: 'meet-signals',
  text: `with k as (select distinct u.namespace, u.name, u.key from ${asTable(KEY)}),
    free as (
      select k.*, s.id, s.payload, row_number() over (partition by k.namespace, k.name, k.key order by s.id) as turn
      from k cross join lateral (
        select s.id, s.payload from runtime.signal s
        where ${SAME_KEY('s', 'k')} and s.process_instance_id is null and s.sent_at > now() - ${KEPT}
        order by s.id limit ${MEETINGS}) s
    ), open as (
      select k.*, w.process_instance_id, w.task_instance_id, w.attempt,
        row_number() over (partition by k.namespace, k.name, k.key order by w.waiting_since, w.task_instance_id) as turn
      from k cross join lateral (
        select w.process_instance_id, w.task_instance_id, w.attempt, w.waiting_since from runtime.signal_wait w
        where ${SAME_KEY('w', 'k')} and w.signal_id is null
        order by w.waiting_since, w.task_instance_id limit ${MEETINGS}) w
    ), met as (
      select free.id, free.payload, open.process_instance_id, open.task_instance_id, open.attempt
      from free join open on ${SAME_KEY('free', 'open')} and free.turn = open.turn
    ), given as (
      update runtime.signal s set process_instance_id = m.process_instance_id, task_instance_id = m.task_instance_id, attempt = m.attempt
      from met m where s.id = m.id
    ), found as (
      update runtime.signal_wait w set signal_id = m.id, met_at = now() from met m where ${SAME_WAIT('w', 'm')}
    )
    select id as "signalId", process_instance_id as "instanceId", task_instance_id as "taskInstanceId", attempt, payload from met`,
};

/** Writes what a batch does to signals and waits, and tells which of them have met. */
export const writeSignals = async (queries: BatchQueries, { sent, opened, closed }: SignalWork): Promise<MetSignal[]> => {
  if (sent.length + opened.length + closed.length === 0) return [];
  const keys = [...sent, ...opened.map(({ row }) => row), ...(await keysLeft(queries, closed))];
  const [, , , , first] = await Promise.all([
    keys.length > 0 ? queries.run(LOCK_SIGNAL_KEYS, asArrays(KEY, keys)) : undefined,
    closed.length > 0 ? queries.run(CLOSE_WAITS, asArrays(CLOSED, closed)) : undefined,
    sent.length > 0 ? queries.run(INSERT_SIGNALS, asArrays(SIGNAL, bySender(sent))) : undefined,
    opened.length > 0 ? queries.run(INSERT_WAITS, asArrays(WAIT, opened)) : undefined,
    keys.length > 0 ? meet(queries, keys) : [],
  ]);
  const met = [...first];
  for (let more = first; more.length >= MEETINGS; met.push(...more)) more = await meet(queries, keys);
  return met;
};

/** Keys of waits that ended without a signal: the one meant for them may be another's. */
const keysLeft = async (queries: BatchQueries, closed: readonly OfRun<ClosedSignalWait>[]): Promise<SignalKey[]> => {
  const left = closed.filter(({ row }) => row.signalId === null);
  return left.length === 0 ? [] : (await queries.run<SignalKey & Record<string, unknown>>(READ_WAIT_KEYS, asArrays(CLOSED, left))).rows;
};

const meet = async (queries: BatchQueries, keys: readonly SignalKey[]): Promise<MetSignal[]> =>
  (await queries.run<MetSignal & Record<string, unknown>>(MEET, asArrays(KEY, keys))).rows;

/** Everybody inserts in one order, so that two who send the same do not wait for each other. */
const bySender = (sent: readonly SentSignal[]) => sent.toSorted((one, other) => (one.senderKey < other.senderKey ? -1 : 1));

/** Signals that met their wait so many milliseconds ago and that the wait has not taken. */
export const readUndelivered = async (pool: Pool, olderThanMs: number): Promise<MetSignal[]> => {
  const { rows } = await pool.query<MetSignal>({
    name: 'undelivered-signals',
    text: `select s.id as "signalId", w.process_instance_id as "instanceId", w.task_instance_id as "taskInstanceId", w.attempt, s.payload
      from runtime.signal_wait w join runtime.signal s on s.id = w.signal_id
      where w.signal_id is not null and w.met_at < now() - $1::int * interval '1 millisecond'
        and not exists (select from runtime.parked_event e where e.process_instance_id = w.process_instance_id)
      order by w.met_at limit 1000`,
    values: [olderThanMs],
  });
  return rows;
};

/** Forgets signals that nobody can use or send again: as long as answers of operations are kept. */
export const forgetSignals = async (pool: Pool, days: number): Promise<void> => {
  await pool.query(
    `delete from runtime.signal where sent_at < now() - make_interval(days => $1) and (process_instance_id is null or taken_at is not null)`,
    [days],
  );
};
