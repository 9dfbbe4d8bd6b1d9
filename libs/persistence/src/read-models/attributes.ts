import type { AttributeColumns } from './row-limits.js';

/** What rules see of a process `p`. */
export const PROCESS_ATTRIBUTES = {
  namespace: 'p.namespace',
  name: 'p.name',
  owner: 'p.created_by',
  labels: 'p.labels',
} as const satisfies AttributeColumns;

/** What rules see of a run `i`, and of what belongs to it: its labels are those that its process has now. */
export const RUN_ATTRIBUTES = {
  namespace: 'i.namespace',
  name: 'i.process_name',
  owner: 'i.started_by',
  labels: '(select p.labels from definition.process p where p.id = i.process_id)',
} as const satisfies AttributeColumns;
