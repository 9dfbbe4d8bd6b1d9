import { canonicalJson, MAX_SETTINGS_LENGTH, type Json, type JsonObject, type Problem } from '@orderlines/contracts';
import { parseSource, pathText } from '@orderlines/process-engine';
import { stringify } from 'yaml';
import type { z } from 'zod';
import type { ManifestText } from './manifest-texts.js';

/** Reads a text by the schema of its kind; all problems with their places. */
export const readSettings = <S extends z.ZodType>(
  schema: S,
  { content }: ManifestText,
): { readonly value?: z.output<S>; readonly problems: readonly Problem[] } => {
  if (content.length > MAX_SETTINGS_LENGTH) return { problems: [problemOf('it is longer than 1 MiB', '')] };
  const source = parseSource(content, { format: /^\s*\{/.test(content) ? 'json' : 'yaml' });
  if (!('value' in source)) return { problems: source };
  const read = schema.safeParse(source.value);
  if (read.success) return { value: read.data, problems: [] };
  const problems = read.error.issues.map(({ message, path }) => {
    const place = path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    return { ...problemOf(message, pathText(place)), ...source.positionOf(place) };
  });
  return { problems };
};

const problemOf = (message: string, path: string): Problem => ({ code: 'manifest.invalid', message, path, severity: 'error' });

/** What differs between settings that are stored and wanted ones, a line for each key. */
export const differencesOf = (stored: JsonObject, wanted: JsonObject): string[] =>
  Object.keys(wanted).flatMap((key) => {
    const [before, after] = [stored[key] ?? null, wanted[key] ?? null];
    return canonicalJson(before) === canonicalJson(after) ? [] : [`${key}: ${shown(before)} → ${shown(after)}`];
  });

const MAX_SHOWN = 80;
const shown = (value: Json): string => {
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
};

/** Settings as a text that reads back to the same. */
export const settingsText = (kind: string, settings: object): string =>
  stringify(
    { apiVersion: 'orderlines/v1', kind, ...settings },
    { version: '1.2', lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false },
  );
