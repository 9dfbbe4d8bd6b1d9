import { randomBytes, randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { chown, lstat, mkdir, readFile, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../store-error.js';
import { ROOT_PLACE, type PostgresPrograms } from './postgres-programs.js';
import { canEnter, type ServerUser } from './server-user.js';

/** Superuser of an embedded cluster. */
export const CLUSTER_USER = 'orderlines';

/** A cluster on disk. */
export interface Cluster {
  /** The data directory, as the server's user reaches it. */
  readonly directory: string;
  readonly password: string;
}

interface ClusterOptions {
  readonly dataDir: string;
  readonly programs: PostgresPrograms;
  readonly user: ServerUser | undefined;
  readonly durable: boolean;
}

/** Finds the cluster of a data folder or makes one; half-made ones of a killed start are removed. */
export const ensureCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const place = await clusterPlace(options.dataDir, options.user);
  await removeHalfMade(place);
  const directory = join(place, 'cluster');
  const passwordFile = join(options.dataDir, 'password');
  const password = await readFile(passwordFile, 'utf8').catch(() => undefined);
  const version = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => undefined);
  const wanted = await majorVersion(options.programs);
  if (version === undefined && (await lstat(directory).catch(() => undefined))) {
    throw broken(directory, 'it holds no PG_VERSION, so it is no Postgres data folder');
  }
  if (version !== undefined && version.trim() !== wanted) {
    throw broken(directory, `it was made by Postgres ${version.trim()}, and this is Postgres ${wanted}`);
  }
  if (version !== undefined && password === undefined) throw broken(directory, `the file ${passwordFile} is missing`);
  if (version !== undefined && password !== undefined) return { directory, password };
  const fresh = password ?? randomBytes(24).toString('base64url');
  await writeFile(passwordFile, fresh, { mode: 0o600 });
  await makeCluster(options, place, directory, fresh);
  return { directory, password: fresh };
};

const broken = (directory: string, why: string) =>
  new StoreError(
    'store.data-broken',
    `The data folder ${directory} cannot be used: ${why}. Restore it from a backup, or choose another data folder.`,
  );

/** The folder that holds the cluster: the data folder, or for root a folder behind a link when the server's user cannot enter it. */
const clusterPlace = async (dataDir: string, user: ServerUser | undefined): Promise<string> => {
  if (!user) return dataDir;
  const link = join(dataDir, 'elsewhere');
  const linked = await readlink(link).catch(() => undefined);
  if (linked !== undefined) {
    await mkdir(linked, { recursive: true, mode: 0o755 });
    return linked;
  }
  if (canEnter(user, dataDir)) return dataDir;
  const place = join(ROOT_PLACE, `data-${randomUUID()}`);
  await mkdir(place, { recursive: true, mode: 0o755 });
  await symlink(place, link);
  return place;
};

const HALF_MADE = 'cluster-half-made-';

const removeHalfMade = async (place: string) => {
  const names = (await readdir(place)).filter((name) => name.startsWith(HALF_MADE));
  for (const name of names) await rm(join(place, name), { recursive: true, force: true });
};

const makeCluster = async ({ programs, user, durable }: ClusterOptions, place: string, directory: string, password: string) => {
  const making = join(place, `${HALF_MADE}${randomUUID()}`);
  await mkdir(making, { mode: 0o700 });
  if (user) await chown(making, user.uid, user.gid);
  const passwordFile = join(place, `${HALF_MADE}${randomUUID()}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  const args = ['--pgdata', making, '--username', CLUSTER_USER, '--auth', 'scram-sha-256', '--pwfile', passwordFile];
  // The builtin provider sorts and folds the same way on every system; message texts stay English.
  args.push('--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8');
  if (!durable) args.push('--no-sync');
  const { code, output } = await run(programs.initdb, args, user);
  await rm(passwordFile, { force: true });
  if (code !== 0) throw new StoreError('store.not-started', `Postgres could not make its data folder in ${place}:\n${output}`);
  await rename(making, directory);
};

const majorVersion = async (programs: PostgresPrograms) => {
  const { output } = await run(programs.postgres, ['--version'], undefined);
  return /(\d+)/.exec(output)?.[1] ?? 'unknown';
};

const run = (program: string, args: readonly string[], user: ServerUser | undefined) =>
  new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(program, args, {
      ...user,
      cwd: '/',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(output).toString().trim() }));
  });
