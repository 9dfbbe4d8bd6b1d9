import type { EventRule, TriggerKind, TriggerView, WebhookSignature } from '@orderlines/contracts';
import type { AttributeColumns } from '../read-models/row-limits.js';

/** What rules see of a trigger `t`. */
export const TRIGGER_ATTRIBUTES = {
  namespace: 't.namespace',
  name: 't.name',
  owner: 't.created_by',
  labels: 't.labels',
} as const satisfies AttributeColumns;

/** Columns of a trigger `t` whose process is `p`. */
export const TRIGGER_COLUMNS = `t.id, t.namespace, t.name, t.description, t.labels, t.kind, t.process_id, t.process_version, t.filter,
  t.params, t.max_per_minute, t.rule, t.token_hint, t.enabled, t.note, t.state_by, t.state_at, t.created_by, t.created_at, t.updated_by,
  t.updated_at, p.namespace || '/' || p.name as process`;

/** Such a row. */
export interface TriggerRow {
  id: string;
  namespace: string;
  name: string;
  description: string;
  labels: Record<string, string>;
  kind: TriggerKind;
  process: string;
  process_id: string;
  process_version: number | null;
  filter: string;
  params: TriggerView['params'];
  max_per_minute: number;
  rule: EventRule | { readonly signature: WebhookSignature };
  token_hint: string | null;
  enabled: boolean;
  note: string;
  state_by: string;
  state_at: Date;
  created_by: string;
  created_at: Date;
  updated_by: string;
  updated_at: Date;
}

/** What a trigger hears, as its settings say it. */
export const heardOf = ({ kind, rule }: Pick<TriggerRow, 'kind' | 'rule'>): Pick<TriggerView, 'webhook' | 'event'> =>
  kind === 'webhook'
    ? { webhook: rule as { readonly signature: WebhookSignature }, event: null }
    : { webhook: null, event: rule as EventRule };

/** The row as doors show it. */
export const toTriggerView = (row: TriggerRow): TriggerView => ({
  id: row.id,
  namespace: row.namespace,
  name: row.name,
  kind: row.kind,
  description: row.description,
  labels: row.labels,
  process: row.process_version === null ? row.process : `${row.process}@${row.process_version}`,
  processId: row.process_id,
  filter: row.filter,
  params: row.params,
  maxPerMinute: row.max_per_minute,
  ...heardOf(row),
  enabled: row.enabled,
  note: row.note,
  stateBy: row.state_by,
  stateAt: row.state_at.toISOString(),
  tokenHint: row.token_hint,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  updatedBy: row.updated_by,
  updatedAt: row.updated_at.toISOString(),
});
