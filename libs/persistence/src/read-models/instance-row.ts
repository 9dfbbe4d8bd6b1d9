import type { Failure, InstanceSummary, Phase, ProcessStatus } from '@orderlines/contracts';

/** What a list shows of a run. */
export const INSTANCE_COLUMNS = `i.id, i.number, i.process_id, i.process_name, i.process_version, i.namespace, i.status, i.phase,
  i.error, i.started_by, i.origin, i.created_at, i.started_at, i.finished_at`;

/** A row of {@link INSTANCE_COLUMNS}. */
export interface InstanceRow {
  readonly id: string;
  readonly number: number;
  readonly process_id: string;
  readonly process_name: string;
  readonly process_version: number;
  readonly namespace: string;
  readonly status: ProcessStatus;
  readonly phase: Phase;
  readonly error: Failure | null;
  readonly started_by: string;
  readonly origin: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

/** The run as lists show it. */
export const toInstanceSummary = (row: InstanceRow): InstanceSummary => ({
  id: row.id,
  number: row.number,
  processId: row.process_id,
  process: row.process_name,
  version: row.process_version,
  namespace: row.namespace,
  status: row.status,
  phase: row.phase,
  reason: row.error?.reason ?? null,
  startedBy: row.started_by,
  origin: row.origin,
  createdAt: row.created_at.toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  finishedAt: row.finished_at?.toISOString() ?? null,
});
