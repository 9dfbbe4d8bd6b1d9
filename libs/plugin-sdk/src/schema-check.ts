import { Validator, type Schema } from '@cfworker/json-schema';
import type { JsonSchema } from '@orderlines/contracts';

/** One thing in a value that breaks its schema. */
export interface SchemaProblem {
  /** Path in the value, e.g. `/env/PATH`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

const validators = new WeakMap<JsonSchema, Validator>();

/** Most problems told at once. */
const PROBLEM_LIMIT = 20;

/** What in a value breaks a schema; empty when it fits. Validators are kept as long as their schema. */
export const schemaProblems = (schema: JsonSchema, value: unknown): SchemaProblem[] => {
  let validator = validators.get(schema);
  if (validator === undefined) {
    validator = new Validator(schema as Schema, '2020-12', false);
    validators.set(schema, validator);
  }
  const { valid, errors } = validator.validate(value);
  if (valid) return [];
  // The errors of containers only repeat those of their members.
  const innermost = errors.filter(({ keyword }) => !CONTAINERS.has(keyword));
  return (innermost.length > 0 ? innermost : errors)
    .slice(0, PROBLEM_LIMIT)
    .map(({ instanceLocation, error }) => ({ path: instanceLocation.replace(/^#/, ''), message: error }));
};

const CONTAINERS = new Set(['properties', 'items', 'additionalProperties', 'patternProperties', 'prefixItems', '$ref']);

/** The problems in one sentence. */
export const describeProblems = (problems: readonly SchemaProblem[]): string =>
  problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' ');
