import type { Json } from '@orderlines/contracts';
import { convert, type Declaration } from '../../variables/convert.js';
import { compilePattern } from '../../variables/functions/patterns.js';
import { ValueError } from '../../variables/operators.js';
import { readTemplate, type ValuePath } from '../../variables/parse-template.js';
import type { ProcessDocument } from '../document.js';
import type { ParamDocument } from '../document-fields.js';
import { pathText } from '../source.js';
import type { Report } from './report.js';

/** Params and variables: names once, values of their type, limits that make sense. */
export function checkDeclarations(document: ProcessDocument, standIns: ReadonlySet<string>, report: Report): void {
  checkFields('param', ['params'], document.params ?? [], standIns, report);
  checkNames('variable', ['variables'], document.variables ?? [], report);
  document.variables?.forEach(({ name, type, value }, index) => {
    if (value !== undefined && value !== null) checkValue(value, { type }, name, ['variables', index, 'value'], report);
  });
}

/** Declared fields, of a process or of a form, at a path. */
export function checkFields(
  kind: string,
  path: ValuePath,
  declared: readonly ParamDocument[],
  standIns: ReadonlySet<string>,
  report: Report,
): void {
  checkNames(kind, path, declared, report);
  declared.forEach((field, index) => {
    const at = [...path, index];
    if (!standIns.has(pathText(at))) checkParam(field, at, report);
  });
}

function checkNames(kind: string, path: ValuePath, declared: readonly { readonly name: string }[], report: Report): void {
  const seen = new Set<string>();
  declared.forEach(({ name }, index) => {
    if (seen.has(name)) report.error([...path, index, 'name'], 'duplicate-name', `there are two ${kind}s \`${name}\``);
    seen.add(name);
  });
}

function checkParam(param: ParamDocument, path: ValuePath, report: Report): void {
  const { name, type, pattern, min, max } = param;
  if (min !== undefined && max !== undefined && min > max) {
    report.error([...path, 'min'], 'invalid-value', `\`${name}\`: min (${min}) is more than max (${max})`);
  }
  if (pattern !== undefined) checkPattern(name, type, pattern, path, report);
  param.enum?.forEach((item, index) => checkValue(item, { type }, name, [...path, 'enum', index], report));
  if (param.default === undefined || param.default === null) return;
  const { pattern: _, ...withoutPattern } = param;
  const isBroken = pattern !== undefined && !isPattern(pattern);
  checkValue(param.default, (isBroken ? withoutPattern : param) as Declaration, name, [...path, 'default'], report);
}

function checkPattern(name: string, type: string, pattern: string, path: ValuePath, report: Report): void {
  if (type !== 'string' && type !== 'text')
    report.error([...path, 'pattern'], 'invalid-value', `\`${name}\`: only a string or text has a pattern`);
  try {
    compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    report.error([...path, 'pattern'], 'pattern', error.message);
  }
}

function isPattern(pattern: string): boolean {
  try {
    return compilePattern(pattern) !== undefined;
  } catch {
    return false;
  }
}

/** Values with expressions are known in the run only. */
function checkValue(value: Json, declaration: Declaration, name: string, path: ValuePath, report: Report): void {
  const { template } = readTemplate(value);
  if (template.kind !== 'literal') return;
  const conversion = convert(template.value, declaration);
  if (!('mistake' in conversion)) return;
  const isUnquoted = typeof template.value !== 'string' && (declaration.type === 'string' || declaration.type === 'text');
  const typed = isUnquoted ? report.source?.typed(path) : undefined;
  report.error(path, 'invalid-value', `\`${name}\` ${conversion.mistake}${typed === undefined ? '' : `; quote it: "${typed}"`}`);
}
