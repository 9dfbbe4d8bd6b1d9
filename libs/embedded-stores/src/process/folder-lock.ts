import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../store-error.js';
import { hasErrorCode } from './error-code.js';
import { processStart } from './system-process.js';

interface Owner {
  readonly pid: number;
  readonly start: string;
}

/** Held while a store runs on a folder: a second process is refused, a dead owner's lock is taken over. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Creates the folder and takes its lock; throws {@link StoreError} `store.in-use` or `store.folder-unusable`. */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  const path = join(folder, 'owner.lock');
  // The lock appears with its content in one step: nobody reads half of it.
  const own = join(folder, `owner.${randomUUID()}`);
  const content = JSON.stringify({ pid: process.pid, start: processStart(process.pid) });
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(own, content, { mode: 0o644 });
  } catch (error) {
    throw new StoreError('store.folder-unusable', `The folder ${folder} cannot be written: ${String((error as Error).message)}`, {
      cause: error,
    });
  }
  try {
    for (let round = 0; round < 10; round += 1) {
      try {
        await link(own, path);
        return { release: () => releaseOwn(path, content) };
      } catch (error) {
        if (!hasErrorCode(error, 'EEXIST')) throw error;
      }
      await removeStale(folder, path);
    }
    throw new StoreError('store.in-use', `The folder ${folder} is fought over by several processes; start only one.`);
  } finally {
    await rm(own, { force: true });
  }
};

const readLock = (path: string) => readFile(path, 'utf8').catch(() => undefined);

const releaseOwn = async (path: string, content: string) => {
  if ((await readLock(path)) === content) await rm(path, { force: true });
};

const parseOwner = (content: string): Owner | undefined => {
  try {
    return JSON.parse(content) as Owner;
  } catch {
    return undefined;
  }
};

const removeStale = async (folder: string, path: string) => {
  const content = await readLock(path);
  if (content === undefined) return;
  const owner = parseOwner(content);
  if (owner && processStart(owner.pid) === owner.start) {
    throw new StoreError(
      'store.in-use',
      `The folder ${folder} is in use by process ${owner.pid}. Stop that process, or choose another data folder.`,
    );
  }
  const aside = join(folder, `owner.${randomUUID()}`);
  await rename(path, aside).catch(() => undefined);
  const moved = await readLock(aside);
  // Somebody else took over between our look and our move: give the lock back to them.
  if (moved !== undefined && moved !== content) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
};
