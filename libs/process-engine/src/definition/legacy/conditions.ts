import type { ArgumentConverter, Operand } from './arguments.js';
import { celMember, celText, celValue } from './cel.js';
import type { Identifiers } from './identifiers.js';
import type { Structure } from './links.js';
import type { Branch, LinkedNode } from './nodes.js';
import type { FlowOrders } from './flow-orders.js';
import type { Path, Report } from './report.js';
import { numberOf } from './numbers.js';
import type { SettingsReader } from './settings.js';
import type { LegacyType } from './text.js';
import { own } from '../../variables/value.js';
import { asWritten } from './written.js';

/** Comparison signs in CEL by how they are written. */
const TRUTHS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };
const SIGNS: Readonly<Record<string, '==' | '!=' | '>' | '>=' | '<' | '<='>> = {
  ...{ '=': '==', '==': '==', '!=': '!=', '<>': '!=' },
  ...{ '>': '>', '>=': '>=', '<': '<', '<=': '<=' },
};

const isNumber = (type: LegacyType): boolean => type === 'int' || type === 'float';

/** One side of a comparison: a constant with its value, or something only the run knows. */
type Side = (Operand & { readonly constant: false }) | { readonly constant: true; readonly value: unknown };

/** Turns the items of a gateway's branch into one condition. */
export class ConditionConverter {
  constructor(
    private readonly tools: {
      readonly structure: Structure;
      readonly orders: FlowOrders;
      readonly identifiers: Identifiers;
      readonly settings: SettingsReader;
      readonly converter: ArgumentConverter;
      readonly report: Report;
    },
  ) {}

  /** CEL text that holds when all items of the branch hold. */
  condition(gateway: LinkedNode, branch: Branch): string {
    const mode = this.mode(gateway);
    const parts = branch.items.map((item, index) => this.item(item, mode, [...branch.path, 'condition', index]));
    return parts.map((part) => (parts.length > 1 && part.includes(' || ') ? `(${part})` : part)).join(' && ');
  }

  private mode(gateway: LinkedNode): 'status' | 'result' | undefined {
    const written = gateway.arguments.pc_type;
    if (written === undefined || written === null || written === '') return undefined;
    const mode = asWritten(written).toLowerCase();
    if (mode === 'status' || mode === 'result') return mode;
    this.tools.report.error(
      [...gateway.source.path, 'method_kwargs', 'pc_type'],
      'unknown-gateway',
      `A gateway decides by \`status\` or by \`result\`, not by \`${asWritten(written)}\`.`,
    );
    return undefined;
  }

  private item(item: unknown, mode: 'status' | 'result' | undefined, path: Path): string {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      this.tools.report.error(path, 'shape', 'An item of a condition is an object, such as { condition: "${x}", sign: ">=", target: 5 }.');
      return 'false';
    }
    const fields = item as Record<string, unknown>;
    const byStatus = mode === undefined ? 'task_status' in fields : mode === 'status';
    return byStatus ? this.status(fields, path) : this.comparison(fields, path);
  }

  private status(fields: Record<string, unknown>, path: Path): string {
    const key = 'condition_task_id' in fields ? 'condition_task_id' : 'condition';
    const judged = fields[key];
    const id = typeof judged === 'string' || typeof judged === 'number' ? String(judged).trim() : '';
    const node = this.tools.structure.nodes.get(id);
    if (node === undefined) {
      const message = id === '' ? 'Name the task whose status decides under `condition`.' : `No node has the id \`${id}\`.`;
      this.tools.report.error([...path, key], 'unknown-id', message);
      return 'false';
    }
    const status = asWritten(fields.task_status ?? '').toUpperCase();
    if (node.kind === 'start') return String(status === 'SUCCESS');
    if (!this.tools.orders.has(id)) {
      this.tools.report.warning(
        [...path, key],
        'judges-unreachable',
        `\`${id}\` is never reached, so it has no status and this item never holds.`,
      );
      return 'false';
    }
    const task = celMember('tasks', this.tools.identifiers.of(id));
    switch (status) {
      case 'FAILURE':
        this.warnWhenRaised(node, path);
        return `${task}.failed`;
      case 'TIMEOUT':
        return `${task}.failed && ${task}.error.reason.startsWith('timeout.')`;
      case 'SUCCESS':
      case 'SKIP':
      case 'STOP':
        return `${task}.status == '${status}'`;
      default:
        this.tools.report.error(
          [...path, 'task_status'],
          'unknown-status',
          `A gateway can ask for SUCCESS, FAILURE, SKIP, TIMEOUT or STOP, not for \`${asWritten(fields.task_status)}\`.`,
        );
        return 'false';
    }
  }

  /** A failure that ends the run never reaches the gateway. */
  private warnWhenRaised(node: LinkedNode, path: Path): void {
    if (this.tools.settings.skips(node)) return;
    this.tools.report.warning(
      path,
      'failure-ends-the-run',
      `A failure of \`${node.id}\` ends the run before this gateway is reached; give that task the strategy \`skip\`.`,
    );
  }

  private comparison(fields: Record<string, unknown>, path: Path): string {
    const sign = own(SIGNS, asWritten(fields.sign ?? '').replaceAll(/\s/g, ''));
    if (sign === undefined) {
      const written =
        fields.sign === undefined || fields.sign === null ? 'No sign is given' : `The sign \`${asWritten(fields.sign)}\` is not known`;
      this.tools.report.error([...path, 'sign'], 'unknown-sign', `${written}; it is one of =, !=, >, >=, <, <=.`);
    }
    for (const key of ['condition', 'target'] as const) {
      if (!(key in fields))
        this.tools.report.error(
          [...path, key],
          'incomplete-condition',
          `The ${key === 'target' ? 'right' : 'left'} side of the comparison is missing.`,
        );
    }
    const left = this.side(fields.condition, [...path, 'condition']);
    const right = this.side(fields.target, [...path, 'target']);
    return compared(left, sign ?? '==', right);
  }

  private side(value: unknown, path: Path): Side {
    const operand = typeof value === 'string' ? this.tools.converter.operand(value, path) : undefined;
    return operand === undefined ? { constant: true, value: value ?? null } : { ...operand, constant: false };
  }
}

/** A comparison by value: `"42"` from a text box equals 42. */
function compared(left: Side, sign: string, right: Side): string {
  if (left.constant && right.constant) {
    if (typeof left.value === 'boolean' && sign === '==' && right.value === true) return String(left.value);
    const numbers = [left.value, right.value].map(numberOf);
    if (numbers.every((number) => number !== undefined)) return `${numbers[0]} ${sign} ${numbers[1]}`;
    const same = typeof left.value === typeof right.value;
    return same
      ? `${celValue(left.value)} ${sign} ${celValue(right.value)}`
      : `${celText(asWritten(left.value))} ${sign} ${celText(asWritten(right.value))}`;
  }
  if (!left.constant && !right.constant) return ofTwoOperands(left, sign, right);
  if (left.constant) return right.constant ? 'false' : withConstant(right, sign, left.value, true);
  return right.constant ? withConstant(left, sign, right.value, false) : 'false';
}

function ofTwoOperands(left: Operand, sign: string, right: Operand): string {
  if ((isNumber(left.type) && isNumber(right.type)) || left.type === right.type) return `${left.cel} ${sign} ${right.cel}`;
  if (sign === '==' || sign === '!=') return `${asText(left)} ${sign} ${asText(right)}`;
  return `number(${left.cel}) ${sign} number(${right.cel})`;
}

const asText = (operand: Operand): string => (operand.isText ? operand.cel : `string(${operand.cel})`);

function withConstant(operand: Operand, sign: string, value: unknown, swapped: boolean): string {
  const write = (side: string, constant: string): string => (swapped ? `${constant} ${sign} ${side}` : `${side} ${sign} ${constant}`);
  const number = numberOf(value);
  if (operand.type === 'bool') {
    const truth = own(TRUTHS, asWritten(value).toLowerCase());
    if (truth !== undefined) return write(operand.cel, String(truth));
  }
  if (number === undefined)
    return write(isNumber(operand.type) && typeof value === 'string' ? `string(${operand.cel})` : operand.cel, celValue(value));
  if (isNumber(operand.type)) return write(operand.cel, String(number));
  // Only the run knows whether the variable holds a number or the text of one.
  if (sign === '==') return `${write(operand.cel, String(number))} || ${write(operand.cel, celText(asWritten(value)))}`;
  if (sign === '!=') return `${write(operand.cel, String(number))} && ${write(operand.cel, celText(asWritten(value)))}`;
  return write(`number(${operand.cel})`, String(number));
}
