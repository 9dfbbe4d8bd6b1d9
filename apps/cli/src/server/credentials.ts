import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { Environment } from '../terminal.js';

const Credential = z.object({ token: z.string().min(1), user: z.string(), expiresAt: z.string() });
const CredentialsFile = z.object({ servers: z.record(z.string(), Credential) });

/** What `login` keeps for one server. */
export type Credential = z.infer<typeof Credential>;

/** The file with the tokens: `$XDG_CONFIG_HOME/orderlines/credentials.json`, readable by its owner only. */
export const credentialsPath = (environment: Environment): string =>
  join(environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config'), 'orderlines', 'credentials.json');

/** The token kept for a server, if there is one. */
export const readCredential = async (path: string, server: string): Promise<Credential | undefined> =>
  (await readFileOfTokens(path)).servers[server];

/** Keeps a token for a server, in place of the one before. */
export const keepCredential = async (path: string, server: string, credential: Credential): Promise<void> => {
  const { servers } = await readFileOfTokens(path);
  await writeFileOfTokens(path, { ...servers, [server]: credential });
};

/** Forgets the token of a server. */
export const forgetCredential = async (path: string, server: string): Promise<void> => {
  const { [server]: known, ...others } = (await readFileOfTokens(path)).servers;
  if (known) await writeFileOfTokens(path, others);
};

const readFileOfTokens = async (path: string): Promise<z.infer<typeof CredentialsFile>> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { servers: {} };
    throw refused(`cannot read ${path}: ${(error as Error).message}`);
  }
  try {
    return CredentialsFile.parse(JSON.parse(text));
  } catch {
    throw refused(`${path} is not what \`orderlines login\` wrote`, 'remove the file and log in again');
  }
};

const writeFileOfTokens = async (path: string, servers: z.infer<typeof CredentialsFile>['servers']): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, JSON.stringify({ servers }, null, 2) + '\n', { mode: 0o600 });
  await chmod(fresh, 0o600); // the mode above is cut by the umask only, but an old file of that name would keep its own
  await rename(fresh, path);
};
