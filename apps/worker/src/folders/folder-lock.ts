import { mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { bootIdentity, processIdentity } from '@orderlines/plugin-sdk';
import { OrderlinesError } from '@orderlines/service-host';

/** `worker.<number>.lock`: a link to nowhere that names its holder, since a link is made together with its text, once. */
const LOCK = /^worker\.(\d+)\.lock$/;
const fileOf = (number: number) => `worker.${number}.lock`;

interface Lock {
  readonly number: number;
  /** Process id, its start, and the boot it belongs to. */
  readonly holder: string;
}

/**
 * Takes a worker's folder for this process; throws `worker.already-runs` while a living process has it. The lock with the highest number
 * counts: who takes over from a dead process makes the next one, which only one can, and a lock is removed by its holder's successor only.
 */
export const lockFolder = async (folder: string, name: string): Promise<{ release(): Promise<void> }> => {
  await mkdir(folder, { recursive: true });
  for (;;) {
    const locks = await readLocks(folder);
    const newest = locks.at(-1);
    if (newest !== undefined && isHeld(newest)) throw alreadyRuns(folder, name, newest);
    const number = (newest?.number ?? 0) + 1;
    if (!(await place(folder, number))) continue;
    if ((await readLocks(folder)).at(-1)?.number === number) {
      for (const older of locks) await remove(folder, older.number);
      return { release: () => remove(folder, number) };
    }
    // All locks that this one was to follow had gone meanwhile, and another process had begun a new row.
    await remove(folder, number);
  }
};

const readLocks = async (folder: string): Promise<Lock[]> => {
  const numbers = (await readdir(folder)).flatMap((file) => LOCK.exec(file)?.[1] ?? []).map(Number);
  const locks = await Promise.all(
    numbers.map(async (number) => {
      // Removed between the two looks.
      const holder = await readlink(join(folder, fileOf(number))).catch(() => undefined);
      return holder === undefined ? [] : [{ number, holder }];
    }),
  );
  return locks.flat().sort((one, other) => one.number - other.number);
};

const place = async (folder: string, number: number): Promise<boolean> => {
  try {
    await symlink(holderText(process.pid, processIdentity(process.pid) ?? ''), join(folder, fileOf(number)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const remove = (folder: string, number: number) => rm(join(folder, fileOf(number)), { force: true });

const holderText = (pid: number, started: string) => [pid, bootIdentity(), started].join(' ');

const isHeld = ({ holder }: Lock): boolean => {
  const pid = Number.parseInt(holder, 10);
  const started = processIdentity(pid);
  return started !== undefined && holder === holderText(pid, started);
};

const alreadyRuns = (folder: string, name: string, { holder }: Lock) =>
  new OrderlinesError(
    'worker.already-runs',
    `A worker named "${name}" (process ${Number.parseInt(holder, 10)}) already runs on ${folder}: stop it, or give this one another ORDERLINES_WORKER_NAME.`,
  );
