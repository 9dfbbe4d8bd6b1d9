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

/**
 * Checks and converts what was given for the params of a process and fills in the defaults, all problems at once.
 * `run` is the root of the same name that defaults may read, beside the params declared before them.
 */
export function resolveParams(process: Pick<CompiledProcess, 'params'>, given: JsonObject, run: JsonObject): ResolvedParams {
  const params: JsonObject = {};
  const problems = unknownParams(process, given);
  for (const declared of process.params) {
    const resolved = resolve(declared, given, { params: { ...params }, run });
    params[declared.name] = 'value' in resolved ? resolved.value : null;
    if ('problem' in resolved) problems.push(resolved.problem);
  }
  return { params, problems };
}

type Resolved = { readonly value: Json } | { readonly problem: Problem };

function resolve(declared: CompiledParam, given: JsonObject, roots: { readonly params: JsonObject; readonly run: JsonObject }): Resolved {
  const { name } = declared;
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value !== undefined && value !== null) return converted(declared, value);
  if (declared.default === undefined) return absent(declared);
  try {
    const preset = evaluateTemplate(declared.default, roots);
    return preset === null ? absent(declared) : converted(declared, preset);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return {
      problem: problem('params.default', name, `the default of \`${name}\`, \`${error.expression}\`, failed: ${error.message}`),
    };
  }
}

function absent({ name, type, required }: CompiledParam): Resolved {
  return required ? { problem: problem('params.required', name, `the param \`${name}\` (${type}) is required`) } : { value: null };
}

function converted(declared: CompiledParam, value: Json): Resolved {
  const conversion = convert(value, declared);
  if ('value' in conversion) return conversion;
  return { problem: problem('params.invalid', declared.name, `the param \`${declared.name}\` ${conversion.mistake}`) };
}

function unknownParams(process: Pick<CompiledProcess, 'params'>, given: JsonObject): Problem[] {
  const known = process.params.map(({ name }) => name);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const suggestion = closest(name, known);
      const rest =
        suggestion === undefined
          ? known.length === 0
            ? '; it has none'
            : `; it has ${known.join(', ')}`
          : `; did you mean \`${suggestion}\`?`;
      return problem('params.unknown', name, `the process has no param \`${name}\`${rest}`);
    });
}

const problem = (code: string, name: string, message: string): Problem => ({ code, message, path: `params.${name}`, severity: 'error' });
