import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { glob, open, realpath, type FileHandle } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { readableBytes, VALUE_CHUNK_BYTES, VALUE_LIMIT_BYTES, type FileResult } from '@orderlines/contracts';
import type { ContentName, ReadPiece } from '@orderlines/messaging';
import { TaskFailure } from '@orderlines/plugin-sdk';

/** Files that one task may leave, and their bytes together; each may have as many as a value. */
const MAX_FILES = 100;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
/** Entries of folders that are looked at: `**` in a folder with a package tree would take for ever. */
const MAX_ENTRIES = 100_000;

/** Stores a content. */
export type StoreContent = (content: ContentName, read: ReadPiece) => Promise<void>;

/** Stores the files of a folder that the patterns name; throws a {@link TaskFailure} that says what is wrong with them. */
export const collectFiles = async (folder: string, patterns: readonly string[], store: StoreContent): Promise<FileResult[]> => {
  const root = await realpath(folder);
  const files: FileResult[] = [];
  let total = 0;
  for (const name of await namesOf(root, patterns)) {
    const file = await collectFile(root, name, store, MAX_TOTAL_BYTES - total);
    total += file.$file.bytes;
    files.push(file);
  }
  return files;
};

const namesOf = async (root: string, patterns: readonly string[]): Promise<string[]> => {
  const names = new Set<string>();
  for (const pattern of patterns) {
    const found = await matches(root, pattern);
    if (found.length === 0) throw refused('collect.nothing', `Nothing in the task's folder matches \`${pattern}\` of \`collect\``);
    for (const name of found) names.add(name);
    if (names.size > MAX_FILES)
      throw refused('collect.too-many', `\`collect\` names more than ${MAX_FILES} files: pack them into an archive`);
  }
  return [...names].sort();
};

/** Paths of the files in the folder that match, without links and without what lies elsewhere. */
const matches = async (root: string, pattern: string): Promise<string[]> => {
  if (isAbsolute(pattern) || pattern.split(/[/\\]/).includes('..')) {
    throw refused('collect.outside', `\`${pattern}\` of \`collect\` leads out of the task's folder`);
  }
  const found: string[] = [];
  let entries = 0;
  const exclude = () => {
    entries += 1;
    if (entries > MAX_ENTRIES) throw refused('collect.too-many', `\`${pattern}\` of \`collect\` looks at more than ${MAX_ENTRIES} entries`);
    return false;
  };
  for await (const entry of glob(pattern, { cwd: root, withFileTypes: true, exclude })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A folder on the way may be a link to somewhere else.
    if ((await realpath(path)) !== path || !path.startsWith(root + sep)) continue;
    found.push(path.slice(root.length + 1).replaceAll(sep, '/'));
    if (found.length > MAX_FILES) break;
  }
  return found;
};

const collectFile = async (root: string, name: string, store: StoreContent, room: number): Promise<FileResult> => {
  const handle = await open(join(root, name), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size: bytes } = await handle.stat();
    if (bytes > VALUE_LIMIT_BYTES || bytes > room) {
      const limit = bytes > VALUE_LIMIT_BYTES ? VALUE_LIMIT_BYTES : MAX_TOTAL_BYTES;
      const what = bytes > VALUE_LIMIT_BYTES ? `${name} has ${readableBytes(bytes)}` : 'The files of `collect` are too large together';
      throw refused('collect.too-large', `${what}; at most ${readableBytes(limit)} are kept`);
    }
    const sha256 = await digest(handle, bytes);
    await store({ sha256, bytes }, (chunk) => piece(handle, chunk, bytes));
    return { $file: { name, bytes, sha256 } };
  } finally {
    await handle.close();
  }
};

const digest = async (handle: FileHandle, bytes: number): Promise<string> => {
  const hash = createHash('sha256');
  for (let chunk = 0; chunk * VALUE_CHUNK_BYTES < bytes; chunk++) hash.update(await piece(handle, chunk, bytes));
  return hash.digest('hex');
};

const piece = async (handle: FileHandle, chunk: number, bytes: number): Promise<Buffer> => {
  const from = chunk * VALUE_CHUNK_BYTES;
  const wanted = Math.min(VALUE_CHUNK_BYTES, bytes - from);
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, from);
  if (bytesRead === wanted) return buffer;
  throw refused('collect.changed', 'A file of `collect` was changed while it was read: something the task has started is still writing');
};

const refused = (code: string, message: string): TaskFailure => new TaskFailure('user', message, { code });
