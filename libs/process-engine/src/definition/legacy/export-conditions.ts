import type { Json, JsonObject } from '@orderlines/contracts';
import { Inexpressible, legacyFormula, onlyExpression } from './export-text.js';

const TASK = String.raw`tasks(?:\.(\w+)|\['([\w-]+)'\])`;
const FAILED = new RegExp(`^${TASK}\\.failed$`);
const STATUS = new RegExp(`^${TASK}\\.status == '([A-Z]+)'$`);
const TIMED_OUT = new RegExp(`^${TASK}\\.error\\.reason\\.startsWith\\('timeout\\.'\\)$`);
const COMPARISON = /^(.+?) (==|!=|>=|<=|>|<) (.+)$/;

/** The items of a condition as the older format writes them. @throws Inexpressible for anything but comparisons and outcomes. */
export function legacyItems(when: string | boolean): JsonObject[] {
  if (typeof when === 'boolean') return [{ condition: when, sign: '=', target: true }];
  return splitAt(onlyExpression(when), ' && ').reduce<JsonObject[]>((items, part) => {
    const item = itemOf(part);
    const previous = items.at(-1);
    // The two halves of one item: `x.failed && x.error…`, `x != 5 && x != '5'`.
    if (previous !== undefined && completes(previous, item)) return item.task_status === 'TIMEOUT' ? [...items.slice(0, -1), item] : items;
    return [...items, item];
  }, []);
}

function completes(previous: JsonObject, item: JsonObject): boolean {
  if (item.task_status === 'TIMEOUT') return previous.task_status === 'FAILURE' && previous.condition === item.condition;
  if (previous.sign !== '!=' || item.sign !== '!=') return false;
  const [left, right] = (['condition', 'target'] as const).map((side) => ({ before: previous[side], now: item[side] }));
  return (
    (left?.before === left?.now && isTextOf(right?.before, right?.now)) ||
    (right?.before === right?.now && isTextOf(left?.before, left?.now))
  );
}

const isTextOf = (number: Json | undefined, text: Json | undefined): boolean => typeof number === 'number' && text === String(number);

function itemOf(part: string): JsonObject {
  const cel = part.startsWith('(') && part.endsWith(')') && part.includes(' || ') ? part.slice(1, -1) : part;
  const [alternative] = splitAt(cel, ' || ');
  const failed = FAILED.exec(cel);
  if (failed !== null) return { condition: failed[1] ?? failed[2] ?? '', task_status: 'FAILURE' };
  const status = STATUS.exec(cel);
  if (status !== null) return { condition: status[1] ?? status[2] ?? '', task_status: status[3] ?? '' };
  const late = TIMED_OUT.exec(cel);
  if (late !== null) return { condition: late[1] ?? late[2] ?? '', task_status: 'TIMEOUT' };
  if (cel === 'true' || cel === 'false') return { condition: cel === 'true', sign: '=', target: true };
  const comparison = COMPARISON.exec(alternative ?? '');
  if (comparison === null) throw new Inexpressible(`the condition \`${part}\``);
  const [, left = '', sign = '', right = ''] = comparison;
  return { condition: sideOf(left), sign: sign === '==' ? '=' : sign, target: sideOf(right) };
}

function sideOf(cel: string): Json {
  const pieces = splitAt(cel, ' + ');
  if (pieces.length > 1 && pieces.every((piece) => QUOTED.test(piece) || AS_TEXT.test(piece))) return pieces.map(sideOf).join('');
  const converted = /^(?:number|string)\((.*)\)$/.exec(cel)?.[1];
  if (converted !== undefined) return sideOf(converted);
  if (QUOTED.test(cel)) return textOf(cel);
  if (['true', 'false', 'null'].includes(cel) || /^-?\d+(\.\d+)?$/.test(cel)) return JSON.parse(cel) as Json;
  const formula = legacyFormula(cel);
  if (formula === undefined) throw new Inexpressible(`\`${cel}\` in a condition`);
  return formula;
}

const QUOTED = /^'(?:[^'\\]|\\.)*'$/;
const AS_TEXT = /^string\([^()]*\)$/;

/** A quoted text of CEL as it is meant. */
const textOf = (quoted: string): string =>
  JSON.parse(
    `"${quoted
      .slice(1, -1)
      .replaceAll("\\'", "'")
      .replaceAll(/(?<!\\)"/g, '\\"')}"`,
  ) as string;

/** Parts of an expression between an operator that stands outside quotes and brackets. */
function splitAt(cel: string, operator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let position = 0; position < cel.length; position += 1) {
    const character = cel[position];
    if (quoted && character === '\\') position += 1;
    else if (character === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    else if (depth === 0 && cel.startsWith(operator, position)) {
      parts.push(cel.slice(from, position));
      from = position + operator.length;
      position = from - 1;
    }
  }
  return [...parts, cel.slice(from)];
}
