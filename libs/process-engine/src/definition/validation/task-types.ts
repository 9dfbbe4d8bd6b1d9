import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import type { Json, JsonObject } from '@orderlines/contracts';
import { closest } from '../../variables/closest.js';
import { readTemplate, type ValuePath } from '../../variables/parse-template.js';
import { isMap, nameOf } from '../../variables/value.js';
import type { ProcessDocument } from '../document.js';
import type { CallbackDocument } from '../document-fields.js';
import { pathText } from '../source.js';
import type { TaskTypeCatalogue, TaskTypeDescription } from '../task-types.js';
import type { Report } from './report.js';
import { valueAt } from './schema.js';
import { nodesOf } from './walk.js';

/** Every `uses` is a known task type, and its `with` fits the type's JSON Schema. */
export function checkTaskTypes(document: ProcessDocument, catalogue: TaskTypeCatalogue, report: Report): void {
  checkCallbacks(document.callbacks, [], catalogue, report);
  for (const { path, node } of nodesOf(document)) {
    if (node.type === 'task') checkUse(node.uses, node.with, path, catalogue, report);
    checkCallbacks(node.callbacks, path, catalogue, report);
  }
}

function checkCallbacks(
  callbacks: readonly CallbackDocument[] | undefined,
  path: ValuePath,
  catalogue: TaskTypeCatalogue,
  report: Report,
): void {
  callbacks?.forEach((callback, index) => checkUse(callback.uses, callback.with, [...path, 'callbacks', index], catalogue, report));
}

function checkUse(uses: string, inputs: JsonObject | undefined, path: ValuePath, catalogue: TaskTypeCatalogue, report: Report): void {
  const type = catalogue.get(uses);
  if (type === undefined) {
    report.error([...path, 'uses'], 'unknown-task-type', unknownType(uses, catalogue));
    return;
  }
  const at = [...path, ...(inputs === undefined ? [] : ['with'])];
  for (const unit of mistakesIn(inputs ?? {}, type)) describe(unit, inputs ?? {}, at, uses, type, report);
}

function unknownType(uses: string, catalogue: TaskTypeCatalogue): string {
  const [name = '', version] = uses.split('@');
  if (version !== undefined && catalogue.has(name)) return `there is no version \`${version}\` of the task type \`${name}\``;
  const suggestion = closest(uses, catalogue.keys());
  return `there is no task type \`${uses}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`;
}

/** Keywords that only say that something inside them failed. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
  'allOf',
  '$ref',
  'if',
  'then',
  'else',
]);

const validators = new WeakMap<TaskTypeDescription, Validator>();

/** Preparing a schema costs more than using it; a large process uses few types. */
function validatorOf(type: TaskTypeDescription): Validator {
  const known = validators.get(type);
  if (known !== undefined) return known;
  const made = new Validator(type.inputs as Schema, '2020-12', false);
  validators.set(type, made);
  return made;
}

/** What the JSON Schema refuses, but for what only the run decides. */
function mistakesIn(inputs: JsonObject, type: TaskTypeDescription): readonly OutputUnit[] {
  const { valid, errors } = validatorOf(type).validate(inputs);
  if (valid) return [];
  const undecided = undecidedPaths(inputs);
  return errors.filter((unit) => {
    if (WRAPPERS.has(unit.keyword) || /\/(anyOf|oneOf)\/\d/.test(unit.keywordLocation)) return false;
    const at = pathText(stepsOf(unit.instanceLocation));
    const inner = undecided.get(at);
    if (inner !== undefined) return inner === 'text' && unit.keyword === 'type';
    const isAlternative = unit.keyword === 'anyOf' || unit.keyword === 'oneOf' || unit.keyword === 'not';
    return !isAlternative || ![...undecided.keys()].some((path) => path === at || path.startsWith(`${at}.`) || path.startsWith(`${at}[`));
  });
}

/** Paths (as text) whose value an expression gives; `text` where it is spliced, so that a text is sure. */
function undecidedPaths(inputs: JsonObject): ReadonlyMap<string, 'value' | 'text'> {
  return new Map(readTemplate(inputs).expressions.map(({ path, spliced }) => [pathText(path), spliced ? 'text' : 'value']));
}

function stepsOf(location: string): (string | number)[] {
  return location
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function describe(unit: OutputUnit, inputs: JsonObject, base: ValuePath, uses: string, type: TaskTypeDescription, report: Report): void {
  const steps = realSteps(inputs, stepsOf(unit.instanceLocation));
  const path = [...base, ...steps];
  const given = valueAt(inputs, steps);
  const key = String(steps.at(-1) ?? 'with');
  if (unit.keyword === 'false') {
    const suggestion = closest(
      key,
      steps.length === 1 ? Object.keys(isMap(type.inputs['properties']) ? type.inputs['properties'] : {}) : [],
    );
    report.keyError(
      path,
      'unknown-input',
      `\`${uses}\` has no input \`${key}\`${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
    );
    return;
  }
  if (unit.keyword === 'required') {
    const missing = /"(.*)"/.exec(unit.error)?.[1] ?? '';
    report.error(path, 'missing-input', `\`${uses}\` needs \`${missing}\`${steps.length === 0 ? ' in `with`' : ` in \`${key}\``}`);
    return;
  }
  report.error(path, 'invalid-input', `\`${key}\` of \`${uses}\`: ${inWords(unit, given, report.source?.typed(path))}`);
}

/** A digit in a location is an index or a key of a map; the value tells. */
function realSteps(inputs: JsonObject, steps: readonly (string | number)[]): (string | number)[] {
  const real: (string | number)[] = [];
  for (const step of steps) real.push(Array.isArray(valueAt(inputs, real)) ? step : String(step));
  return real;
}

function inWords(unit: OutputUnit, given: Json | undefined, typed: string | undefined): string {
  if (unit.keyword === 'type' && (typeof given === 'number' || typeof given === 'boolean') && /Expected "string"/.test(unit.error)) {
    return `a text is needed; quote it: "${typed ?? String(given)}"`;
  }
  if (unit.keyword === 'type')
    return `${/Expected (.*)\.$/.exec(unit.error)?.[1]?.replaceAll('"', '') ?? 'another type'} is needed, not ${nameOf(given ?? null)}`;
  return unit.error.charAt(0).toLowerCase() + unit.error.slice(1);
}
