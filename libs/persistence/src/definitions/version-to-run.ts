import type { Pool } from 'pg';
import { ambiguousProcess } from './definition-conflict.js';
import { readProcessReference, type ProcessReference } from './process-reference.js';

/** A process and its version that a start means, without document and text, which may have megabytes. */
export interface VersionToRun {
  readonly processId: string;
  readonly namespace: string;
  readonly name: string;
  /** Number of the newest version, published or not; null: there is none. */
  readonly latestVersion: number | null;
  /** The version of that number, or the newest published one; null: there is none. */
  readonly version: { readonly id: string; readonly number: number; readonly status: 'published' | 'offline' } | null;
}

const WHERE: Readonly<Record<ProcessReference['kind'], string>> = {
  id: 'p.id = $2',
  name: 'p.namespace = $2 and p.name = $3',
  'legacy-id': 'p.legacy_id = $2',
};

const statement = (kind: ProcessReference['kind']) => ({
  name: `version-to-run-by-${kind}`,
  text: `select p.id, p.namespace, p.name, p.latest_version, v.id as version_id, v.number, v.status
    from definition.process p left join lateral (
      select id, number, status from definition.process_version
      where process_id = p.id and ($1::int is null and status = 'published' or number = $1) order by number desc limit 1) v on true
    where p.removed_at is null and ${WHERE[kind]} limit 2`,
});

interface Row {
  id: string;
  namespace: string;
  name: string;
  latest_version: number | null;
  version_id: string | null;
  number: number;
  status: 'published' | 'offline';
}

/**
 * What a start by `id`, `namespace/name` or `process_id` means, in one query that is prepared once: it stands before every run.
 * Null: there is no such process. Throws {@link DefinitionConflict} when several namespaces hold that `process_id`.
 */
export const findVersionToRun = async (pool: Pool, reference: string, number?: number): Promise<VersionToRun | null> => {
  for (const meaning of readProcessReference(reference)) {
    const { rows } = await pool.query<Row>(statement(meaning.kind), [number ?? null, ...valuesOf(meaning)]);
    if (rows.length > 1) throw ambiguousProcess(reference);
    if (rows[0]) return fromRow(rows[0]);
  }
  return null;
};

const valuesOf = (meaning: ProcessReference): string[] => {
  switch (meaning.kind) {
    case 'id':
      return [meaning.id];
    case 'name':
      return [meaning.namespace, meaning.name];
    case 'legacy-id':
      return [meaning.legacyId];
  }
};

const fromRow = ({ id, namespace, name, latest_version: latestVersion, version_id: versionId, number, status }: Row): VersionToRun => ({
  processId: id,
  namespace,
  name,
  latestVersion,
  version: versionId === null ? null : { id: versionId, number, status },
});
