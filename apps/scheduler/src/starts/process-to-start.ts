/** The process of a start, as it is now. */
export interface ProcessToStart {
  readonly process: string;
  readonly isRemoved: boolean;
  /** Null: the latest published one. */
  readonly wantedVersion: number | null;
  readonly versionId: string | null;
  readonly isPublished: boolean;
}

/** What keeps a process from being started before anybody is asked; null: nothing. */
export const startObstacle = (start: ProcessToStart): readonly [code: string, message: string] | null => {
  const { process, wantedVersion, versionId, isRemoved, isPublished } = start;
  if (isRemoved) return ['process.not-found', `the process ${process} was removed`];
  if (versionId === null && wantedVersion !== null) return ['process-version.not-found', `${process} has no version ${wantedVersion}`];
  if (versionId === null) return ['process.not-published', `${process} has no published version: it is offline`];
  if (!isPublished) return ['process-version.offline', `version ${wantedVersion} of ${process} is offline`];
  return null;
};

/** Columns of a {@link ProcessToStart}, with the joins they need, for rows that a schedule (`s`) or trigger (`t`) stands beside. */
export const processToStart = (owner: 's' | 't'): { readonly columns: string; readonly joins: string } => ({
  columns: `p.namespace || '/' || p.name as process, p.removed_at is not null as "isRemoved", ${owner}.process_version as "wantedVersion",
    v.id as "versionId", coalesce(v.status = 'published', false) as "isPublished"`,
  joins: `join definition.process p on p.id = ${owner}.process_id
    left join lateral (select id, status from definition.process_version
      where process_id = p.id and (${owner}.process_version is null and status = 'published' or number = ${owner}.process_version)
      order by number desc limit 1) v on true`,
});
