import { MAX_MANIFEST_FILES, type ManifestBody } from '@orderlines/contracts';
import { glob, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { refused } from './command-error.js';
import { readDocument } from './documents.js';
import type { Terminal } from './terminal.js';

/** The files of a folder that describe things, at whatever depth; hidden ones are left alone. */
const PATTERN = '**/*.{yaml,yml,json}';

/** Reads files, folders with all that is in them, and `-` for standard input, in the order of their names. */
export const readManifestFiles = async (places: readonly string[], terminal: Terminal): Promise<ManifestBody['files']> => {
  const names = [...new Set((await Promise.all(places.map(filesOf))).flat())];
  if (names.length === 0) throw refused(`there is no file to apply in ${places.join(', ')}`, 'files end with .yaml, .yml or .json');
  if (names.length > MAX_MANIFEST_FILES) {
    throw refused(`${places.join(', ')} has ${names.length} files, and ${MAX_MANIFEST_FILES} go together`, 'apply fewer at a time');
  }
  const files: ManifestBody['files'] = [];
  for (const name of names) files.push({ name, content: await readDocument(name, terminal) });
  return files;
};

const filesOf = async (place: string): Promise<string[]> => {
  if (place === '-' || !(await isFolder(place))) return [place];
  const names: string[] = [];
  for await (const name of glob(PATTERN, { cwd: place })) if (!isHidden(name)) names.push(join(place, name));
  return names.toSorted();
};

const isFolder = async (place: string): Promise<boolean> => (await stat(place).catch(() => undefined))?.isDirectory() ?? false;

const isHidden = (name: string): boolean => name.split(/[/\\]/).some((part) => part.startsWith('.'));
