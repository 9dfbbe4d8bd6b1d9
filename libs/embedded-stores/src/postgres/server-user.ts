import { execFileSync, spawnSync } from 'node:child_process';
import { StoreError } from '../store-error.js';

/** The system user that Postgres runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const idOf = (option: '-u' | '-g', name: string) =>
  Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));

const findUser = (name: string): ServerUser | undefined => {
  try {
    return { uid: idOf('-u', name), gid: idOf('-g', name) };
  } catch {
    return undefined;
  }
};

const USER = 'postgres';

/** Postgres refuses to run as root: then it is the user `postgres`, made when it is missing. Undefined: it runs as the caller. */
export const serverUser = (): ServerUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const known = findUser(USER);
  if (known) return known;
  const made = spawnSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/false', USER],
    {
      encoding: 'utf8',
      env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
    },
  );
  const user = findUser(USER);
  if (user) return user;
  const why = made.error?.message ?? made.stderr.trim();
  throw new StoreError(
    'store.no-user',
    `Postgres does not run as root, and its user "${USER}" could not be made (${why}). Make a user "${USER}", or start as an ordinary user.`,
  );
};

/** True when the user can enter the folder, whatever the rights of the folders above it. */
export const canEnter = (user: ServerUser, folder: string): boolean =>
  spawnSync('sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
