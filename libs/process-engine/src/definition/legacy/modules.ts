import type { Json, JsonObject } from '@orderlines/contracts';
import { numberOf } from './numbers.js';
import { own } from '../../variables/value.js';

/** What a method of a module of the older product has become. */
export type LegacyMethod =
  | {
      readonly kind: 'task';
      /** Task type. */
      readonly uses: string;
      /** Arguments of the task type from those of the method; expressions are already in their new form. */
      arguments(given: JsonObject): JsonObject;
      /** The way back, for the export; undefined where the older method has no such argument. */
      original(given: JsonObject): JsonObject | undefined;
    }
  | { readonly kind: 'assign' };

const same = (given: JsonObject): JsonObject => given;

/** Text boxes of the older console sent numbers as text. */
const asNumber = (value: Json): Json => numberOf(value) ?? value;

const calculation = (operation: string): LegacyMethod => ({
  kind: 'task',
  uses: 'math',
  arguments: (given) => ({ operation, ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, asNumber(value)])) }),
  original: ({ operation: written, ...rest }) => (written === operation ? rest : undefined),
});

const MAIL_KEYS = ['process_name', 'node_info', 'error_info', 'status'];

/** The older mail had no text of its own: it told about a task. */
const mail: LegacyMethod = {
  kind: 'task',
  uses: 'email.send',
  arguments: (given) => {
    const told = MAIL_KEYS.filter((key) => given[key] !== undefined && given[key] !== null && given[key] !== '');
    const others = Object.fromEntries(Object.entries(given).filter(([key]) => !MAIL_KEYS.includes(key)));
    const shown = (key: string): string => (typeof given[key] === 'string' ? given[key] : JSON.stringify(given[key]));
    const subject = ['process_name', 'status'].filter((key) => told.includes(key)).map(shown);
    return {
      subject: subject.length > 0 ? subject.join(' ') : '${{ run.process }}',
      text: told.length > 0 ? told.map((key) => `${key}: ${shown(key)}`).join('\n') : '${{ run.url }}',
      ...others,
    };
  },
  original: same,
};

/** The one table of modules: method of the older product → what runs in its place. */
const METHODS: Readonly<Record<string, LegacyMethod>> = {
  'Test.test_add': calculation('add'),
  'Test.test_subtraction': calculation('subtract'),
  'Test.test_multi': calculation('multiply'),
  // Names of the first half of 2023.
  'AddTest.test_add': calculation('add'),
  'AddTest.test_subtraction': calculation('subtract'),
  'SubtractionTest.test_subtraction': calculation('subtract'),
  'Email.send_msg': mail,
  'Variable.variable_reassign': { kind: 'assign' },
};

/** What runs in place of `Module.method`; a task type of that very name, brought by a plugin, serves too. */
export function methodOf(module: string, method: string, taskTypes: ReadonlySet<string>): LegacyMethod | undefined {
  const name = `${module}.${method}`;
  const known = own(METHODS, name);
  if (known !== undefined) return known;
  return taskTypes.has(name) ? { kind: 'task', uses: name, arguments: same, original: same } : undefined;
}

/** The method that a task type came from, with its arguments; undefined when the older product has none. */
export function originOf(uses: string, given: JsonObject): { module: string; method: string; arguments: JsonObject } | undefined {
  for (const [name, known] of Object.entries(METHODS)) {
    if (known.kind !== 'task' || known.uses !== uses) continue;
    const original = known.original(given);
    if (original !== undefined) return { ...splitName(name), arguments: original };
  }
  return /^[A-Z]\w*\.\w+$/.test(uses) ? { ...splitName(uses), arguments: given } : undefined;
}

/** `Module.method` in its two parts. */
export function splitName(name: string): { module: string; method: string } {
  const dot = name.lastIndexOf('.');
  return dot === -1 ? { module: '', method: name } : { module: name.slice(0, dot), method: name.slice(dot + 1) };
}
