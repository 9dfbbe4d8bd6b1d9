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
