import { parse } from 'yaml';
import type { Json } from '@orderlines/contracts';
import type { ParamDocument, VariableDocument } from '../document-fields.js';
import { escapedValue } from './cel.js';
import { variableName } from './identifiers.js';
import { numberOf } from './numbers.js';
import { pathText } from '../source.js';
import type { Path, Report } from './report.js';
import type { LegacySource, LegacyVariable } from './source.js';
import type { LegacyType, Named } from './text.js';
import { LEGACY_YAML } from './yaml11.js';
import { asWritten } from './written.js';
import { own } from '../../variables/value.js';

const TYPES: Readonly<Record<string, LegacyType>> = {
  ...{ str: 'str', string: 'str', int: 'int', integer: 'int', float: 'float', bool: 'bool', boolean: 'bool' },
  ...{ list: 'list', dict: 'dict', none: 'any', null: 'any', '': 'any' },
};

/** Types of the new format by those of the older one. */
const DECLARED = { str: 'string', int: 'integer', float: 'number', bool: 'boolean', list: 'list', dict: 'map', any: 'any' } as const;

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** The variables and parameters of a definition, under the names they are written with. */
export class Declarations {
  readonly variables: VariableDocument[] = [];
  readonly params: ParamDocument[] = [];
  private readonly named = new Map<string, Named>();
  private readonly taken = new Set<string>();

  constructor(
    source: LegacySource,
    private readonly report: Report,
  ) {
    for (const variable of source.variables) this.declare(variable);
    this.declareParams(source.header.process_params, [...source.headerPath, 'process_params']);
  }

  /** What `${name}` means; undefined when nothing declares it. */
  find(name: string): Named | undefined {
    return this.named.get(bare(name));
  }

  /** The variable that a result or an assignment writes; undefined when there is none of that name. */
  writable(name: string): Named | undefined {
    const named = this.find(name);
    return named?.root === 'vars' ? named : undefined;
  }

  private declare(variable: LegacyVariable): void {
    const key = bare(variable.variable_key ?? '');
    if (key === '') return;
    const path = [...variable.path, 'variable_key'];
    if (this.named.has(key)) {
      this.report.error(path, 'duplicate-variable', `The variable \`${key}\` is declared twice.`);
      return;
    }
    const type = this.type(variable);
    const name = this.take(key, path);
    this.named.set(key, { name, root: 'vars', type });
    if ('is_global' in variable && TRUE.has(asWritten(variable.is_global).toLowerCase())) {
      this.report.warning(path, 'global-variable', `\`${key}\` was shared by all processes; here every run has its own.`);
    }
    const value = initialValue(variable.variable_value, type);
    if (value === undefined) {
      const written = JSON.stringify(variable.variable_value);
      this.report.error(
        [...variable.path, 'variable_value'],
        'wrong-value',
        `${written} is no value for the type \`${type}\` of \`${key}\`.`,
      );
      return;
    }
    const description = variable.variable_desc?.trim() ?? '';
    this.variables.push({
      name,
      type: DECLARED[type],
      ...(description === '' ? {} : { description }),
      ...(value === null ? {} : { value: escapedValue(value) }),
    });
  }

  private type(variable: LegacyVariable): LegacyType {
    const type = own(TYPES, (variable.variable_type ?? '').trim().toLowerCase());
    if (type !== undefined) return type;
    const message = `The type \`${variable.variable_type}\` is not known; it is one of str, int, float, bool, list, dict and None.`;
    this.report.error([...variable.path, 'variable_type'], 'unknown-type', message);
    return 'any';
  }

  private take(key: string, path: Path): string {
    const name = variableName(key, this.taken);
    this.taken.add(name);
    if (name !== key) this.report.note(`The name \`${key}\` is written \`${name}\`, also in every \`\${${key}}\` (${pathText(path)}).`);
    return name;
  }

  /** `process_params` are the inputs of a run: an object of first values, or a list in the shape of variables. */
  private declareParams(written: unknown, path: Path): void {
    if (written === undefined || written === null || written === '') return;
    const entries: ([string, unknown] | undefined)[] | undefined = Array.isArray(written)
      ? written.map(listedParam)
      : typeof written === 'object'
        ? Object.entries(written)
        : undefined;
    if (entries === undefined || entries.includes(undefined)) {
      this.report.error(path, 'shape', '`process_params` is an object of names and values.');
      return;
    }
    for (const entry of entries) if (entry !== undefined) this.declareParam(entry[0], entry[1], path);
  }

  private declareParam(written: string, value: unknown, path: Path): void {
    const key = bare(written);
    if (this.named.has(key)) {
      const message = `\`${key}\` is both a variable and a parameter of the process; the variable is used and the parameter left out.`;
      this.report.warning([...path, written], 'param-is-variable', message);
      return;
    }
    const type = typeOf(value);
    const name = this.take(key, [...path, written]);
    this.named.set(key, { name, root: 'params', type });
    this.params.push({
      name,
      type: type === 'any' ? 'string' : DECLARED[type],
      ...(value === null || value === undefined ? {} : { default: escapedValue(value as Json) }),
    });
  }
}

/** A name without the `${}` that some tools put around it. */
const bare = (name: string): string => /^\s*\$\{([^{}]*)\}\s*$/.exec(name)?.[1]?.trim() ?? name.trim();

function listedParam(entry: unknown): [string, unknown] | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { variable_key: key, variable_value: value, variable_type: written } = entry as Record<string, unknown>;
  if (typeof key !== 'string' || key.trim() === '') return undefined;
  const type = own(TYPES, asWritten(written ?? '').toLowerCase()) ?? 'any';
  return [key, initialValue(value, type) ?? value];
}

function typeOf(value: unknown): LegacyType {
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'dict' : 'any';
}

/** A first value, mostly written as text, as its declared type wants it; null for none, undefined when it does not fit. */
export function initialValue(written: unknown, type: LegacyType): Json | undefined {
  if (written === null || written === undefined) return null;
  if (type === 'any') return written as Json;
  if (type === 'str') return typeof written === 'string' ? written : JSON.stringify(written);
  if (typeof written === 'string') {
    const text = written.trim();
    return text === '' || text === 'None' ? null : valueOfText(text, type);
  }
  const actual = typeOf(written);
  if (actual === type || (type === 'float' && actual === 'int')) return written as Json;
  if (type === 'bool' && (written === 0 || written === 1)) return written === 1;
  return undefined;
}

function valueOfText(text: string, type: Exclude<LegacyType, 'any' | 'str'>): Json | undefined {
  if (type === 'bool') return TRUE.has(text.toLowerCase()) ? true : FALSE.has(text.toLowerCase()) ? false : undefined;
  if (type === 'int' || type === 'float') {
    const number = numberOf(text);
    return number !== undefined && (type === 'float' || Number.isInteger(number)) ? number : undefined;
  }
  const value = literal(text);
  return typeOf(value) === type ? value : undefined;
}

/** JSON, or a list or dict as Python prints it. */
function literal(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    try {
      return parse(text.replaceAll(/\bNone\b/g, 'null'), LEGACY_YAML) as Json;
    } catch {
      return undefined;
    }
  }
}
