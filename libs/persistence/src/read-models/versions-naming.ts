import type { JsonObject, RowLimits } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { andWithin } from './row-limits.js';

/** A version whose document holds a text, with the schedules that start it. */
export interface VersionHolding {
  readonly processId: string;
  readonly process: string;
  readonly namespace: string;
  readonly version: number;
  readonly latest: boolean;
  readonly schedules: string[];
  readonly document: JsonObject;
}

/** Versions that are looked at. */
const MAX_VERSIONS = 2_000;

/** Versions of processes of a namespace (empty: of all) whose document holds a text somewhere, newest first of each process. */
export const versionsHolding = async (
  pool: Pool,
  { text, namespace }: { readonly text: string; readonly namespace: string },
  limits: RowLimits,
): Promise<VersionHolding[]> => {
  const where = new Conditions();
  where.and('p.removed_at is null');
  where.and(`strpos(v.document::text, ${where.value(text)}) > 0`);
  if (namespace !== '') where.equal('p.namespace', namespace);
  andWithin(where, limits, { namespace: 'p.namespace', name: 'p.name', labels: 'p.labels', owner: 'p.created_by' });
  const { rows } = await pool.query<VersionHolding>(
    `select p.id as "processId", p.name as process, p.namespace, v.number as version, v.number = p.latest_version as latest, v.document,
        array(select s.name from schedule.schedule s where s.process_id = p.id
          and coalesce(s.process_version, p.latest_version) = v.number order by s.name limit 100) as schedules
      from definition.process_version v join definition.process p on p.id = v.process_id${where}
      order by p.namespace, p.name, v.number desc limit ${MAX_VERSIONS}`,
    where.values,
  );
  return rows;
};
