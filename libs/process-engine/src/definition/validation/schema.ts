import type { Json } from '@orderlines/contracts';
import { z } from 'zod';
import { closest } from '../../variables/closest.js';
import type { ValuePath } from '../../variables/parse-template.js';
import { isMap, nameOf } from '../../variables/value.js';
import type { Report } from './report.js';
import { keysAllowedAt } from './schema-keys.js';

type Issue = z.core.$ZodIssue;

/** Says in words what the schema found. */
export function reportSchemaIssues(value: Json, issues: readonly Issue[], report: Report): void {
  for (const issue of issues) describe(value, issue, issue.path as ValuePath, report);
}

/** The value at a path, or undefined where there is none. */
export function valueAt(value: Json, path: ValuePath): Json | undefined {
  let at: Json | undefined = value;
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step];
    else if (isMap(at) && Object.hasOwn(at, step)) at = at[step] as Json;
    else return undefined;
  }
  return at;
}

function describe(value: Json, issue: Issue, path: ValuePath, report: Report): void {
  const given = valueAt(value, path);
  const key = String(path.at(-1) ?? 'the definition');
  if (issue.code === 'unrecognized_keys') {
    for (const unknown of issue.keys) describeUnknownKey(value, path, unknown, report);
    return;
  }
  if (issue.code === 'invalid_key') {
    report.keyError(path, 'invalid-name', `\`${key}\`: ${issue.issues[0]?.message ?? 'this name cannot be used'}`);
    return;
  }
  if (given === undefined) {
    report.error(path, 'missing-key', `\`${key}\` is missing${path.length === 0 ? '' : ownerOf(value, path)}`);
    return;
  }
  if (issue.code === 'invalid_union' && issue.discriminator === 'type') {
    report.error(
      path,
      'unknown-node-type',
      unknownNodeType(given, 'options' in issue && Array.isArray(issue.options) ? issue.options : []),
    );
    return;
  }
  if (issue.code === 'invalid_value') {
    report.error(path, 'invalid-value', `\`${key}\` ${notOneOf(given, issue.values)}`);
    return;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'string' && (typeof given === 'number' || typeof given === 'boolean')) {
    report.error(path, 'quote-it', quoteIt(key, given, issue.message, report.source?.typed(path)));
    return;
  }
  report.error(path, 'invalid-value', `\`${key}\`: ${ownWords(issue, given)}`);
}

function describeUnknownKey(value: Json, path: ValuePath, unknown: string, report: Report): void {
  const owner = valueAt(value, path);
  const type =
    isMap(owner) && typeof owner['id'] === 'string'
      ? `a node of type ${typeof owner['type'] === 'string' ? owner['type'] : 'task'}`
      : undefined;
  report.keyError([...path, unknown], 'unknown-key', () => {
    const suggestion = closest(unknown, keysAllowedAt(value, path));
    const place = type ?? (path.length === 0 ? 'a process' : `\`${String(path.findLast((step) => typeof step === 'string'))}\``);
    return `\`${unknown}\` is not a key of ${place}${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`;
  });
}

function ownerOf(value: Json, path: ValuePath): string {
  const owner = valueAt(value, path.slice(0, -1));
  return isMap(owner) && typeof owner['id'] === 'string' ? ` in node \`${owner['id']}\`` : '';
}

function unknownNodeType(given: Json, options: readonly unknown[]): string {
  const types = options.filter((option) => typeof option === 'string');
  const suggestion = typeof given === 'string' ? closest(given, types) : undefined;
  return `there is no node type ${typeof given === 'string' ? `\`${given.slice(0, 60)}\`` : nameOf(given)}; ${suggestion === undefined ? `the types are ${types.join(', ')}` : `did you mean \`${suggestion}\`?`}`;
}

function notOneOf(given: Json, values: readonly unknown[]): string {
  const suggestion = typeof given === 'string' ? closest(given, values.map(String)) : undefined;
  const shown = typeof given === 'string' ? `\`${given.slice(0, 60)}\`` : nameOf(given);
  return `is one of ${values.map((value) => `\`${String(value)}\``).join(', ')}, not ${shown}${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`;
}

/** YAML reads 1.10 as a number; as text it needs quotes, and a duration needs a unit. */
function quoteIt(key: string, given: number | boolean, message: string, typed = String(given)): string {
  return message.startsWith('Invalid input') ? `\`${key}\` is a text; quote it: "${typed}"` : `\`${key}\`: ${message}`;
}

function ownWords(issue: Issue, given: Json): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return `${WORDS[issue.expected] ?? issue.expected} is needed, not ${nameOf(given)}`;
  return issue.message;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};
