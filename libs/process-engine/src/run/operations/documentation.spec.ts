import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RUN_RULES, RUN_STANDINGS, TASK_RULES, TASK_STANDINGS } from './matrix.js';

const PAGE = fileURLToPath(new URL('../../../../../docs/engine.md', import.meta.url));

interface Rule {
  readonly in: readonly string[];
  readonly type?: string;
  readonly exceptType?: string;
  readonly only?: string;
}

const noteOf = ({ type, exceptType, only }: Rule): string => {
  if (only !== undefined) return ` (${only} only)`;
  if (type !== undefined) return ` (${type} only)`;
  return exceptType === undefined ? '' : ` (not a ${exceptType})`;
};

const tableOf = (rules: Readonly<Record<string, Rule>>, standings: readonly string[]): string[][] => [
  ['operation', ...standings],
  ...Object.entries(rules).map(([name, rule]) => [
    `\`${name}\`${noteOf(rule)}`,
    ...standings.map((one) => (rule.in.includes(one) ? '✓' : '')),
  ]),
];

/** As prettier lays a table out, so that the page stays formatted. */
const markdownOf = (rows: readonly string[][]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  return [lines[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)].join('\n');
};

const withTable = (page: string, title: string, table: string): string =>
  page.replace(
    new RegExp(`(<!-- ${title} -->\n).*?(<!-- end -->)`, 's'),
    (_, open: string, close: string) => `${open}\n${table}\n\n${close}`,
  );

// After a change of the table: UPDATE_DOCS=1 npm test -- process-engine
it('docs/engine.md shows what is allowed where, as the table says', () => {
  const page = readFileSync(PAGE, 'utf8');
  const runs = withTable(page, 'run operations', markdownOf(tableOf(RUN_RULES, RUN_STANDINGS)));
  const wanted = withTable(runs, 'task operations', markdownOf(tableOf(TASK_RULES, TASK_STANDINGS)));
  if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, wanted);
  expect(page).toBe(process.env['UPDATE_DOCS'] ? page : wanted);
});
