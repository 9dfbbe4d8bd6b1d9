import { MAX_DEFINITION_BYTES } from '@orderlines/contracts';
import { readFile, stat } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { refused } from './command-error.js';
import type { Terminal } from './terminal.js';

/** Reads a file as text, or standard input for `-`; what cannot be read is refused with the reason. */
export const readDocument = async (file: string, terminal: Terminal): Promise<string> => {
  const content = file === '-' ? await text(terminal.input) : await readTextFile(file);
  if (Buffer.byteLength(content) > MAX_DEFINITION_BYTES) throw tooLarge(file);
  return content;
};

const readTextFile = async (file: string): Promise<string> => {
  try {
    const { size } = await stat(file);
    if (size > MAX_DEFINITION_BYTES) throw tooLarge(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw refused(`there is no file ${file}`);
    if (code === 'EISDIR') throw refused(`${file} is a folder`, 'name a file');
    if (code === 'EACCES') throw refused(`${file} may not be read by this user`);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw refused(`${file} is not UTF-8 text`);
    throw error;
  }
};

const tooLarge = (file: string): Error => refused(`${file === '-' ? 'standard input' : file} is larger than 4 MiB`, 'split the process');
