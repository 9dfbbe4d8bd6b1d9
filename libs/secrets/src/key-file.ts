import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { KEY_BYTES } from './aes-gcm.js';

/** The key kept in a file that only its owner reads (mode 600), made when there is none; for `ORDERLINES_SECRET_KEY`. */
export const readOrMakeKeyFile = async (file: string): Promise<string> => {
  try {
    await writeFile(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
};
