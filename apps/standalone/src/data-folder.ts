import { createHmac, randomBytes } from 'node:crypto';
import { access, constants, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrMakeKeyFile } from '@orderlines/secrets';
import { OrderlinesError } from '@orderlines/service-host';

/** Where standalone keeps everything; one instance at a time. */
export interface DataFolder {
  readonly path: string;
  /** Postgres's data. */
  readonly postgres: string;
  /** JetStream's data. */
  readonly nats: string;
  /** Folders of tasks. */
  readonly work: string;
  /** Secret of this installation, made at the first start. */
  readonly secret: string;
  /** What its services show each other; follows from the secret. */
  readonly internalToken: string;
  /** Key of the secrets of its processes, made at the first start; back it up with the data. */
  readonly secretKey: string;
}

/** Makes or opens the data folder. Throws when it is not a folder or cannot be written. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  try {
    await mkdir(path, { recursive: true, mode: 0o755 });
    if (!(await stat(path)).isDirectory()) throw new Error('it is not a folder');
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OrderlinesError(
      'data-folder.unusable',
      `The data folder ${path} cannot be used: ${(error as Error).message}. Choose another with --data-dir.`,
    );
  }
  const secret = await readOrMakeSecret(join(path, 'secret'));
  return {
    path,
    postgres: join(path, 'postgres'),
    nats: join(path, 'nats'),
    work: join(path, 'work'),
    secret,
    internalToken: createHmac('sha256', secret).update('internal token').digest('base64url'),
    secretKey: await readOrMakeKeyFile(join(path, 'secret.key')),
  };
}

async function readOrMakeSecret(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known !== undefined && /^[0-9a-f]{64}$/.test(known)) return known;
  if (known !== undefined) {
    throw new OrderlinesError('data-folder.broken', `The file ${file} is damaged. Restore it from a backup, or choose another --data-dir.`);
  }
  const secret = randomBytes(32).toString('hex');
  await writeFile(file, secret, { mode: 0o600 });
  return secret;
}
