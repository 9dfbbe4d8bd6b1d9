import type { Json, JsonObject, Problem } from '@orderlines/contracts';
import type { CompiledParam, CompiledProcess } from '../definition/compiled.js';
import { closest } from './closest.js';
import { convert } from './convert.js';
import { evaluateTemplate } from './evaluate-template.js';
import { ExpressionError } from './template.js';

/** Params of a run, checked and complete, or what is wrong with those that were given. */
export interface ResolvedParams {
  /** A value for every declared param; null where it is optional and has no default. */
  readonly params: JsonObject;
  readonly problems: readonly Problem[];
}

/** What the declared fields are called in problems. */
interface Wording {
  /** What has the fields, e.g. `the process`. */
  readonly owner: string;
  /** One of them. */
  readonly field: string;
  /** Where the values stand in the request; also the beginning of the problems' codes. */
  readonly at: string;
}

const PARAMS: Wording = { owner: 'the process', field: 'param', at: 'params' };
const FORM: Wording = { owner: 'the form', field: 'field', at: 'values' };

/**
 * Checks and converts what was given for the params of a process and fills in the defaults, all problems at once.
 * `run` is the root of the same name that defaults may read, beside the params declared before them.
 */
export function resolveParams(process: Pick<CompiledProcess, 'params'>, given: JsonObject, run: JsonObject): ResolvedParams {
  return resolveAll(process.params, given, run, PARAMS);
}

/** Checks and converts the values of a form, whose defaults are evaluated already, all problems at once. */
export function resolveForm(
  form: readonly CompiledParam[],
  defaults: JsonObject,
  given: JsonObject,
): { readonly values: JsonObject; readonly problems: readonly Problem[] } {
  const fields = form.map(({ default: _, ...field }): CompiledParam => {
    const preset = Object.hasOwn(defaults, field.name) ? defaults[field.name] : undefined;
    return preset === undefined ? field : { ...field, default: { kind: 'literal', value: preset } };
  });
  const { params, problems } = resolveAll(fields, given, {}, FORM);
  return { values: params, problems };
}

function resolveAll(fields: readonly CompiledParam[], given: JsonObject, run: JsonObject, words: Wording): ResolvedParams {
  const params: JsonObject = {};
  const problems = unknownFields(fields, given, words);
  for (const declared of fields) {
    const resolved = resolve(declared, given, { params: { ...params }, run }, words);
    params[declared.name] = 'value' in resolved ? resolved.value : null;
    if ('problem' in resolved) problems.push(resolved.problem);
  }
  return { params, problems };
}

type Resolved = { readonly value: Json } | { readonly problem: Problem };

type Surroundings = { readonly params: JsonObject; readonly run: JsonObject };

function resolve(declared: CompiledParam, given: JsonObject, roots: Surroundings, words: Wording): Resolved {
  const { name } = declared;
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value !== undefined && value !== null) return converted(declared, value, words);
  if (declared.default === undefined) return absent(declared, words);
  try {
    const preset = evaluateTemplate(declared.default, roots);
    return preset === null ? absent(declared, words) : converted(declared, preset, words);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return {
      problem: problem(words, 'default', name, `the default of \`${name}\`, \`${error.expression}\`, failed: ${error.message}`),
    };
  }
}

function absent({ name, type, required }: CompiledParam, words: Wording): Resolved {
  if (!required) return { value: null };
  return { problem: problem(words, 'required', name, `the ${words.field} \`${name}\` (${type}) is required`) };
}

function converted(declared: CompiledParam, value: Json, words: Wording): Resolved {
  const conversion = convert(value, declared);
  if ('value' in conversion) return conversion;
  return { problem: problem(words, 'invalid', declared.name, `the ${words.field} \`${declared.name}\` ${conversion.mistake}`) };
}

function unknownFields(fields: readonly CompiledParam[], given: JsonObject, words: Wording): Problem[] {
  const known = fields.map(({ name }) => name);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => problem(words, 'unknown', name, `${words.owner} has no ${words.field} \`${name}\`${advice(name, known)}`));
}

function advice(name: string, known: readonly string[]): string {
  const suggestion = closest(name, known);
  if (suggestion !== undefined) return `; did you mean \`${suggestion}\`?`;
  return known.length === 0 ? '; it has none' : `; it has ${known.join(', ')}`;
}

const problem = ({ at }: Wording, code: string, name: string, message: string): Problem => ({
  code: `${at}.${code}`,
  message,
  path: `${at}.${name}`,
  severity: 'error',
});
