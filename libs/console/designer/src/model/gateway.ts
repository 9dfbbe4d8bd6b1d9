/** Signs of a gateway's row, as people write them and as expressions do. */
export const SIGNS = { '=': '==', '!=': '!=', '>': '>', '>=': '>=', '<': '<', '<=': '<=' } as const;
/** A sign of a gateway's row. */
export type Sign = keyof typeof SIGNS;

/** A line of a gateway: two values compared, or what became of a node. All lines of a case must hold. */
export type GatewayRow =
  | { readonly kind: 'compare'; readonly left: string; readonly sign: Sign; readonly right: string }
  | { readonly kind: 'outcome'; readonly node: string; readonly outcome: 'succeeded' | 'failed' };

const PLAIN_NAME = /^[A-Za-z_]\w*$/;
const taskOf = (node: string): string => (PLAIN_NAME.test(node) ? `tasks.${node}` : `tasks['${node}']`);
const FAILED = /^tasks(?:\.([A-Za-z_]\w*)|\['([\w-]+)'\])\.failed$/;
const SUCCEEDED = /^tasks(?:\.([A-Za-z_]\w*)|\['([\w-]+)'\])\.status\s*==\s*(['"])SUCCESS\3$/;

/** The expression that rows stand for, with its `${{ }}`. */
export function expressionOfRows(rows: readonly GatewayRow[]): string {
  return `\${{ ${rows.map(sourceOf).join(' && ') || 'true'} }}`;
}

function sourceOf(row: GatewayRow): string {
  if (row.kind === 'compare') return `${row.left.trim()} ${SIGNS[row.sign]} ${row.right.trim()}`;
  return row.outcome === 'failed' ? `${taskOf(row.node)}.failed` : `${taskOf(row.node)}.status == 'SUCCESS'`;
}

/** The rows of a condition; undefined when it says more than rows can, and is edited as an expression. */
export function rowsOfCondition(condition: string | boolean): readonly GatewayRow[] | undefined {
  if (condition === true) return [];
  if (condition === false) return undefined;
  const source = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(condition)?.[1]?.trim();
  if (source === undefined || source.includes('${{')) return undefined;
  if (source === 'true') return [];
  const parts = splitAtTop(source, ['&&']);
  if (parts === undefined) return undefined;
  const rows = parts.pieces.map(rowOf);
  return rows.every((row) => row !== undefined) ? rows : undefined;
}

function rowOf(piece: string): GatewayRow | undefined {
  const text = piece.trim();
  const failed = FAILED.exec(text);
  if (failed !== null) return { kind: 'outcome', node: failed[1] ?? failed[2] ?? '', outcome: 'failed' };
  const succeeded = SUCCEEDED.exec(text);
  if (succeeded !== null) return { kind: 'outcome', node: succeeded[1] ?? succeeded[2] ?? '', outcome: 'succeeded' };
  const compared = splitAtTop(text, ['==', '!=', '>=', '<=', '>', '<']);
  const [left = '', right = ''] = compared?.pieces.map((side) => side.trim()) ?? [];
  const sign = (Object.keys(SIGNS) as Sign[]).find((one) => SIGNS[one] === compared?.found[0]);
  if (compared?.pieces.length !== 2 || sign === undefined || !isOperand(left) || !isOperand(right)) return undefined;
  return { kind: 'compare', left, sign, right };
}

/** True when a text can stand on one side of a row: an expression that binds closer than a comparison. */
export function isOperand(text: string): boolean {
  const source = text.trim();
  if (source === '' || source.startsWith('!')) return false;
  const loose = splitAtTop(source, ['&&', '||', '?', ' in ', '==', '!=', '>=', '<=', '>', '<']);
  return loose !== undefined && loose.pieces.length === 1;
}

interface Split {
  readonly pieces: readonly string[];
  readonly found: readonly string[];
}

/** Splits a source where an operator stands outside brackets and texts; undefined when brackets or quotes do not match. */
function splitAtTop(source: string, operators: readonly string[]): Split | undefined {
  const pieces: string[] = [];
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at] as string;
    if (character === '"' || character === "'") {
      const closing = endOfText(source, at);
      if (closing === undefined) return undefined;
      at = closing;
    } else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (depth < 0) return undefined;
    const operator = depth === 0 ? operators.find((one) => source.startsWith(one, at) && !isOptionalRead(source, at, one)) : undefined;
    if (operator === undefined) continue;
    pieces.push(source.slice(from, at));
    found.push(operator);
    at += operator.length - 1;
    from = at + 1;
  }
  return depth === 0 ? { pieces: [...pieces, source.slice(from)], found } : undefined;
}

/** `a.?b` is no choice. */
const isOptionalRead = (source: string, at: number, operator: string): boolean => operator === '?' && source[at - 1] === '.';

function endOfText(source: string, start: number): number | undefined {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === source[start]) return at;
  }
  return undefined;
}
