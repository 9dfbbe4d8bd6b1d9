import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder of the test's own; whoever asked for it removes it. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const PREFIX = 'orderlines-test-';

/** Makes a folder that other users can enter too: as root, Postgres runs as a user of its own. */
export const temporaryFolder = async (purpose: string): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-${purpose}-`));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
};

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Removes what test processes left that were killed. */
export const removeLeftFolders = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (pid > 0 && !alive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
};
