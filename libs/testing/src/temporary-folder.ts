import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder of the test's own; whoever asked for it removes it. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes a folder that other users can enter too: as root, Postgres runs as a user of its own. */
export const temporaryFolder = async (purpose: string): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(tmpdir(), `orderlines-${purpose}-`));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
};
