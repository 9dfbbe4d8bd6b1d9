import type { Json } from '@orderlines/contracts';
import { closest } from '../../variables/closest.js';
import { durationFrom, limitFrom } from '../../variables/duration.js';
import { outermostCall } from '../../variables/expression.js';
import { instantOf } from '../../variables/functions/dates.js';
import { ValueError } from '../../variables/operators.js';
import { readTemplate, type FoundExpression } from '../../variables/parse-template.js';
import type { Template } from '../../variables/template.js';
import type { ProcessDocument } from '../document.js';
import { Names } from './names.js';
import type { Report } from './report.js';
import { sitesOf, type Site } from './sites.js';
import { nodesOf } from './walk.js';

/** Keys of a task's `with` whose text is run by an interpreter. */
const RUN_AS_CODE: ReadonlySet<string> = new Set(['command', 'code']);

/** Syntax and references of every expression, and what may stand where. */
export function checkExpressions(document: ProcessDocument, report: Report, secrets?: ReadonlySet<string>): void {
  const names = new Names(document, secrets);
  for (const site of sitesOf(document)) {
    const { template, expressions, mistakes } = readTemplate(site.value);
    for (const { path, offset, error } of mistakes) report.errorIn([...site.path, ...path], offset, 'expression', error.message);
    for (const found of expressions) {
      names.check(found, site, report);
      refuseInCode(found, site, report);
    }
    if (mistakes.length === 0) checkKind(site, template, expressions, report);
  }
  checkSetNames(document, names, report);
}

function checkKind({ path, value, kind }: Site, template: Template, expressions: readonly FoundExpression[], report: Report): void {
  const isOneExpression = template.kind === 'expression';
  if (kind === 'condition' && typeof value !== 'boolean' && !isOneExpression) {
    report.error(path, 'condition', 'a condition is true, false or exactly one `${{ expression }}`');
  }
  if (kind === 'items' && typeof value !== 'object' && !isOneExpression) {
    report.error(path, 'items', 'items are a list, a map or exactly one `${{ expression }}` giving one of them');
  }
  if (kind === 'expression' && !isOneExpression) report.error(path, 'condition', 'exactly one `${{ expression }}` is needed here');
  if (kind === 'duration' && expressions.length === 0) checkLiteral(path, 'duration', () => durationFrom(literal(template)), report);
  if (kind === 'limit' && expressions.length === 0) checkLiteral(path, 'duration', () => limitFrom(literal(template)), report);
  if (kind === 'instant' && expressions.length === 0) checkLiteral(path, 'date', () => instantOf(literal(template)), report);
  for (const found of kind === 'fixed' ? expressions : []) {
    report.errorIn(
      [...path, ...found.path],
      found.offset,
      'expression',
      'the first value of a variable is fixed; set it by an `assign` node in `setup`, or write `$${{` for a literal `${{`',
    );
  }
}

const literal = (template: Template): Json => (template.kind === 'literal' ? template.value : null);

function checkLiteral(path: Site['path'], code: string, read: () => unknown, report: Report): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    report.error(path, code, error.message);
  }
}

/** A value inside a command runs as part of it: what a person typed into a form would be executed. */
function refuseInCode({ path, expression, offset }: FoundExpression, site: Site, report: Report): void {
  const [key] = path;
  if (site.path.at(-1) !== 'with' || path.length !== 1 || typeof key !== 'string' || !RUN_AS_CODE.has(key)) return;
  if (outermostCall(expression.source) === 'quote') return;
  report.errorIn(
    [...site.path, ...path],
    offset,
    'spliced-into-code',
    `a value in \`${key}\` would be executed; pass it by \`env: { VALUE: "\${{ ${expression.source} }}" }\` and read "$VALUE", or write \`\${{ quote(${expression.source}) }}\``,
  );
}

function checkSetNames(document: ProcessDocument, names: Names, report: Report): void {
  for (const { path, node } of nodesOf(document)) {
    for (const name of Object.keys(node.set ?? {})) {
      if (names.variables.has(name)) continue;
      report.keyError([...path, 'set', name], 'unknown-variable', () => {
        const suggestion = closest(name, names.variables);
        return `there is no variable \`${name}\`${suggestion === undefined ? '; declare it in `variables`' : `; did you mean \`${suggestion}\`?`}`;
      });
    }
  }
}
