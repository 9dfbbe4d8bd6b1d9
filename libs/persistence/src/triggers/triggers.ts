import type { TriggerSettings, TriggerView } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { TRIGGER_COLUMNS, toTriggerView, type TriggerRow } from './trigger-row.js';

/** A trigger as it is to be stored. */
export interface TriggerWrite {
  readonly id: string;
  readonly settings: TriggerSettings;
  readonly processId: string;
  readonly processVersion: number | null;
  readonly actor: string;
}

/** The token in the address of a webhook as it is kept: never the token. */
export interface StoredToken {
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  readonly hint: string;
}

/** When a trigger that waits for something that does not happen looks for the first time, epoch milliseconds. */
export interface FirstLook {
  readonly since: number;
  readonly dueAt: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The trigger of that id or `namespace/name`; `lock` holds it until the transaction ends. Null: there is none. */
export const findTrigger = async (manager: EntityManager, reference: string, lock = false): Promise<TriggerView | null> => {
  const [namespace, ...name] = reference.split('/');
  const isId = UUID.test(reference);
  const [row] = await manager.query<TriggerRow[]>(
    `select ${TRIGGER_COLUMNS} from schedule.trigger t join definition.process p on p.id = t.process_id
      where t.removed_at is null and ${isId ? 't.id = $1' : 't.namespace = $1 and t.name = $2'}${lock ? ' for update of t' : ''}`,
    isId ? [reference] : [namespace, name.join('/')],
  );
  return row === undefined ? null : toTriggerView(row);
};

/** The trigger whose webhook has an address with that token; null: there is none any more. */
export const findTriggerByToken = async (manager: EntityManager, tokenHash: Buffer): Promise<TriggerView | null> => {
  const [row] = await manager.query<TriggerRow[]>(
    `select ${TRIGGER_COLUMNS} from schedule.trigger t join definition.process p on p.id = t.process_id
      where t.removed_at is null and t.token_hash = $1`,
    [tokenHash],
  );
  return row === undefined ? null : toTriggerView(row);
};

/** Values of the columns from $2 on that follow from the settings. */
const settingValues = ({ settings, processId, processVersion, actor }: TriggerWrite): unknown[] => [
  ...[settings.description, JSON.stringify(settings.labels), settings.webhook === null ? 'event' : 'webhook', processId, processVersion],
  ...[settings.filter, JSON.stringify(settings.params), settings.maxPerMinute, JSON.stringify(settings.webhook ?? settings.event), actor],
];

/** Stores a new trigger. */
export const insertTrigger = async (
  manager: EntityManager,
  write: TriggerWrite,
  named: {
    readonly namespace: string;
    readonly name: string;
    readonly enabled: boolean;
    readonly note: string;
    readonly token: StoredToken | null;
  },
): Promise<void> => {
  const { namespace, name, enabled, note, token } = named;
  await manager.query(
    `insert into schedule.trigger (id, description, labels, kind, process_id, process_version, filter, params, max_per_minute, rule,
        created_by, updated_by, state_by, namespace, name, enabled, note, token_hash, token_hint)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11, $12, $13, $14, $15, $16, $17)`,
    [write.id, ...settingValues(write), namespace, name, enabled, note, token?.hash ?? null, token?.hint ?? null],
  );
};

/** Stores changed settings; events from now on are judged by them. */
export const updateTrigger = async (manager: EntityManager, write: TriggerWrite): Promise<void> => {
  await manager.query(
    `update schedule.trigger set description = $2, labels = $3, kind = $4, process_id = $5, process_version = $6, filter = $7, params = $8,
        max_per_minute = $9, rule = $10, updated_by = $11, updated_at = now(), revision = revision + 1 where id = $1`,
    [write.id, ...settingValues(write)],
  );
};

/** Enables or disables a trigger. What happens while it is disabled is none of its. */
export const setTriggerState = async (
  manager: EntityManager,
  id: string,
  { enabled, note, actor }: { readonly enabled: boolean; readonly note: string; readonly actor: string },
): Promise<void> => {
  await manager.query(
    `update schedule.trigger set enabled = $2, note = $3, state_by = $4, state_at = now(), revision = revision + 1,
        active_since = case when $2 and not enabled then now() else active_since end where id = $1`,
    [id, enabled, note, actor],
  );
};

/** Gives the webhook of a trigger another address: the older one is nothing any more. */
export const setTriggerToken = async (manager: EntityManager, id: string, token: StoredToken | null): Promise<void> => {
  await manager.query('update schedule.trigger set token_hash = $2, token_hint = $3 where id = $1', [
    id,
    token?.hash ?? null,
    token?.hint ?? null,
  ]);
};

/** Removes a trigger: its name is free again, its evaluations and runs stay. */
export const removeTrigger = async (manager: EntityManager, id: string): Promise<void> => {
  await manager.query('update schedule.trigger set removed_at = now(), enabled = false, token_hash = null where id = $1', [id]);
  await manager.query('delete from schedule.trigger_timer where trigger_id = $1', [id]);
};

/** Forgets what a trigger waits for, and begins again with this; null: it waits for nothing until an event comes. */
export const restartTimers = async (manager: EntityManager, id: string, first: FirstLook | null): Promise<void> => {
  await manager.query('delete from schedule.trigger_timer where trigger_id = $1', [id]);
  if (first === null) return;
  await manager.query(`insert into schedule.trigger_timer (trigger_id, key, since, due_at, events) values ($1, '', $2, $3, '[]')`, [
    id,
    new Date(first.since),
    new Date(first.dueAt),
  ]);
};
