import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { VALUE_CHUNK_BYTES, type FileResult } from '@orderlines/contracts';
import { TaskFailure } from '@orderlines/plugin-sdk';

/** Gives the pieces of a content, in no order. */
export type ReceivePieces = (take: (chunk: number, piece: Uint8Array) => Promise<void>) => Promise<void>;

/** Puts a file of another task into a folder under its name; what had the name is replaced. Throws a {@link TaskFailure}. */
export const layFile = async (folder: string, file: FileResult['$file'], receive: ReceivePieces): Promise<void> => {
  const path = await placeFor(folder, file.name);
  const unfinished = join(dirname(path), `.${randomUUID()}.part`);
  try {
    await write(unfinished, file, receive);
    // Replaces a link as such and never writes where it leads.
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (/^E(ISDIR|EXIST|NOTEMPTY|NOTDIR)$/.test(code)) throw refused(file.name, 'a folder has this name already');
    if (/^E(NOSPC|ACCES|PERM|DQUOT)$/.test(code))
      throw new TaskFailure('infra', `The file ${file.name} cannot be written here: ${message}`);
    throw error;
  }
};

/** The path of a file inside the folder, its own folders made; names come over the wire and nothing in them may lead elsewhere. */
const placeFor = async (folder: string, name: string): Promise<string> => {
  const steps = name.split('/');
  const leadsAway = isAbsolute(name) || /[\\\0]/.test(name) || steps.some((step) => step === '' || step === '.' || step === '..');
  if (leadsAway) throw refused(name, 'the name leads out of the folder');
  const root = await realpath(folder);
  let parent = root;
  for (const step of steps.slice(0, -1)) {
    await mkdir(join(parent, step)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    parent = await realpath(join(parent, step));
    if (!parent.startsWith(root + sep)) throw refused(name, 'a link on the way leads out of the folder');
  }
  return join(parent, basename(name));
};

const write = async (path: string, { bytes, sha256, name }: FileResult['$file'], receive: ReceivePieces): Promise<void> => {
  const handle = await open(path, 'wx');
  try {
    await receive(async (chunk, piece) => {
      await handle.write(piece, 0, piece.length, chunk * VALUE_CHUNK_BYTES);
    });
  } finally {
    await handle.close();
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') === sha256) return;
  throw new TaskFailure('infra', `The file ${name} (${bytes} bytes) was stored with another content`, { code: 'value.missing' });
};

const refused = (name: string, why: string): TaskFailure =>
  new TaskFailure('user', `The file ${name} cannot be laid into the task's folder: ${why}`, { code: 'file.unusable' });
