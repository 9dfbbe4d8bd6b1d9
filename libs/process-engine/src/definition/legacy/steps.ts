import type { Json } from '@orderlines/contracts';
import type { NodeDocument } from '../document.js';
import type { ArgumentConverter } from './arguments.js';
import { celMember, embedded } from './cel.js';
import type { ConditionConverter } from './conditions.js';
import { type Declarations, initialValue } from './declarations.js';
import type { Identifiers } from './identifiers.js';
import type { Structure } from './links.js';
import { methodOf } from './modules.js';
import { type Branch, type LinkedNode, liveBranches } from './nodes.js';
import type { FlowOrders } from './flow-orders.js';
import type { Path, Report } from './report.js';
import type { SettingsReader } from './settings.js';

/** What the conversion of nodes works with. */
export interface StepTools {
  readonly structure: Structure;
  readonly orders: FlowOrders;
  readonly identifiers: Identifiers;
  readonly declarations: Declarations;
  readonly converter: ArgumentConverter;
  readonly conditions: ConditionConverter;
  readonly settings: SettingsReader;
  readonly taskTypes: ReadonlySet<string>;
  readonly report: Report;
}

/** Converts single nodes: tasks, assignments and gateways. */
export class StepBuilder {
  constructor(private readonly tools: StepTools) {}

  /** What names a node. */
  head(node: LinkedNode) {
    const { task_name: name, desc, breakpoint } = node.source;
    return {
      id: this.tools.identifiers.of(node.id),
      ...(isFilled(name) ? { name } : {}),
      ...(isFilled(desc) ? { description: desc } : {}),
      ...(isSet(breakpoint) ? { breakpoint: true } : {}),
    };
  }

  /** What every node can have beside its work. */
  tail(node: LinkedNode) {
    const { onError, callbacks } = this.tools.settings.of(node);
    return { ...(onError === undefined ? {} : { onError }), ...(callbacks === undefined ? {} : { callbacks }) };
  }

  /** A `common` node: a task, or an assignment for the module that only set a variable. */
  task(node: LinkedNode, next: string | undefined): NodeDocument[] {
    const { settings, taskTypes, report, converter } = this.tools;
    const { task_module: module, method_name: name, path } = node.source;
    const method = methodOf(module?.trim() ?? '', name?.trim() ?? '', taskTypes);
    if (method === undefined) {
      const message = `No task type takes the place of \`${module ?? ''}.${name ?? ''}\`; a plugin can bring one of that name.`;
      report.error([...path, 'task_module'], 'unknown-module', message);
      return [];
    }
    const goesOn = next === undefined ? {} : { next };
    const set = this.set(node);
    if (method.kind === 'assign') {
      return [{ ...this.head(node), type: 'assign', set: { ...this.assigned(node), ...set }, ...this.tail(node), ...goesOn }];
    }
    const given = converter.values(node.arguments, [...path, 'method_kwargs']);
    const { timeout, retry } = settings.of(node);
    return [
      {
        ...this.head(node),
        type: 'task',
        uses: method.uses,
        with: method.arguments(given),
        ...(set === undefined ? {} : { set }),
        ...(timeout === undefined ? {} : { timeout }),
        ...(retry === undefined ? {} : { retry }),
        ...this.tail(node),
        ...goesOn,
      },
    ];
  }

  /** A `process_control` node. */
  gateway(node: LinkedNode): NodeDocument {
    const { conditions, report, settings } = this.tools;
    const branches = liveBranches(node);
    for (const late of node.branches.slice(branches.length)) {
      report.warning(
        late.path,
        'never-taken',
        'A branch without conditions stands before this one and always matches, so this one is left out.',
      );
    }
    const cases = branches
      .filter((branch) => branch.items.length > 0)
      .map((branch) => ({
        ...(branch.name === undefined ? {} : { name: branch.name }),
        when: embedded(conditions.condition(node, branch)),
        next: this.jumpOf(branch),
      }));
    const other = branches.find((branch) => branch.items.length === 0);
    // A skipped gateway has chosen no way, and it has no other: the flow is at its end.
    const fallback = other !== undefined ? this.jumpOf(other) : settings.skips(node) ? this.jump(undefined) : undefined;
    const set = this.set(node);
    return {
      ...this.head(node),
      type: 'switch',
      cases,
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(set === undefined ? {} : { set }),
      ...this.tail(node),
    };
  }

  /** What `next` says to get to a node, or to the end of the flow. */
  jump(id: string | undefined): string {
    return id === undefined ? 'end' : this.tools.identifiers.of(id);
  }

  private jumpOf({ target }: Branch): string {
    return this.jump(target === undefined ? undefined : this.tools.structure.target(target));
  }

  /** `Variable.variable_reassign`: the value as the variable's type wants it. */
  private assigned(node: LinkedNode): Record<string, Json> {
    const path = [...node.source.path, 'method_kwargs'];
    const { variable_key: key, variable_value: value } = node.arguments;
    const name = this.writable(key, [...path, 'variable_key']);
    if (name === undefined) return {};
    const converted = this.tools.converter.value(value, [...path, 'variable_value']);
    const type = this.tools.declarations.writable(name.written)?.type ?? 'any';
    return { [name.name]: converted === value ? (initialValue(value, type) ?? converted) : converted };
  }

  /** `result_config`: keys of the result that variables take. */
  set(node: LinkedNode): Record<string, Json> | undefined {
    const written = node.source.result_config;
    if (written === null || written === undefined || written === '') return undefined;
    const path = [...node.source.path, 'result_config'];
    const bindings = Array.isArray(written)
      ? written.map((entry, index) => ({ entry, path: [...path, index] }))
      : [{ entry: written, path }];
    const set: Record<string, Json> = {};
    for (const { entry, path: place } of bindings) {
      const { result_key: result, variable_key: variable } = entry;
      if (!isFilled(result) && !isFilled(variable)) continue;
      const name = this.writable(variable, [...place, 'variable_key']);
      if (!isFilled(result))
        this.tools.report.error([...place, 'result_key'], 'no-result-key', 'Name the key of the result that the variable takes.');
      else if (name !== undefined)
        set[name.name] = embedded(celMember('result', node.kind === 'gateway' && result === 'task_id' ? 'next' : result.trim()));
    }
    return Object.keys(set).length === 0 ? undefined : set;
  }

  private writable(variable: unknown, path: Path): { name: string; written: string } | undefined {
    const written = isFilled(variable) ? variable : '';
    const named = this.tools.declarations.writable(written);
    if (named !== undefined) return { name: named.name, written };
    this.tools.report.error(path, 'unknown-variable', `No variable \`${written}\` is declared; add it to \`variable\`.`);
    return undefined;
  }
}

const isFilled = (text: unknown): text is string => typeof text === 'string' && text.trim() !== '';

const isSet = (value: unknown): boolean => value === true || value === 1 || value === '1' || value === 'true';
