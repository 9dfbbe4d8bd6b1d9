import type { Json } from '@orderlines/contracts';
import type { GroupDocument, NodeDocument, ParallelDocument } from '../document.js';
import type { ArgumentConverter } from './arguments.js';
import { celMember, embedded } from './cel.js';
import type { ConditionConverter } from './conditions.js';
import type { Declarations } from './declarations.js';
import { initialValue } from './declarations.js';
import { freeName, type Identifiers } from './identifiers.js';
import type { Structure } from './links.js';
import { methodOf } from './modules.js';
import type { Branch, LinkedNode } from './nodes.js';
import { orderOf } from './order.js';
import type { Path, Report } from './report.js';
import type { Settings, SettingsReader } from './settings.js';

/** What the conversion of nodes works with. */
export interface FlowTools {
  readonly structure: Structure;
  readonly identifiers: Identifiers;
  readonly declarations: Declarations;
  readonly converter: ArgumentConverter;
  readonly conditions: ConditionConverter;
  readonly settings: SettingsReader;
  readonly taskTypes: ReadonlySet<string>;
  readonly report: Report;
}

/** Nodes of one flow in their order, with what follows each. */
interface Sequence {
  readonly ids: readonly string[];
  next(id: string): string | undefined;
}

/** Turns linked nodes into flows: lists whose nodes follow each other unless `next` says otherwise. */
export class FlowBuilder {
  constructor(private readonly tools: FlowTools) {}

  /** The flow of the process. */
  main(): NodeDocument[] {
    const { structure, report } = this.tools;
    const { entry, successors, owners } = structure;
    const followers = (id: string): string[] => this.inFlow(id, this.followers(id));
    const ids = entry === undefined || owners.has(entry) ? [] : orderOf({ entry, followers });
    if (entry !== undefined && owners.has(entry)) this.refuseEntrance(structure.nodes.get(entry), owners.get(entry));
    this.warnOfCircles(ids);
    for (const node of structure.nodes.values()) {
      if (ids.includes(node.id) || owners.has(node.id) || node.kind === 'start' || node.kind === 'frame') continue;
      report.warning(node.source.path, 'unreachable', `\`${node.id}\` is never reached from the start node and is left out.`);
    }
    return this.sequence({ ids, next: (id) => successors.get(id) });
  }

  /** All nodes that can follow a node, inside its flow or not. */
  private followers(id: string): string[] {
    const { nodes, successors, target } = this.tools.structure;
    const node = nodes.get(id);
    if (node?.kind === 'gateway')
      return node.branches.flatMap((branch) => (branch.target === undefined ? [] : (target(branch.target) ?? [])));
    const next = successors.get(id);
    return next === undefined ? [] : [next];
  }

  /** Followers that stand in the flow of the process; entering a container from outside is a mistake. */
  private inFlow(id: string, followers: readonly string[]): string[] {
    const { nodes, owners } = this.tools.structure;
    return followers.filter((follower) => {
      if (!owners.has(follower)) return true;
      this.refuseEntrance(nodes.get(follower), owners.get(follower), id);
      return false;
    });
  }

  private refuseEntrance(node: LinkedNode | undefined, owner: string | undefined, from = 'the start node'): void {
    if (node === undefined) return;
    const message = `\`${node.id}\` stands inside \`${owner}\` and is also reached from \`${from}\`; a node has one place, so give each its own copy.`;
    this.tools.report.error(node.source.path, 'shared-node', message);
  }

  /** Loops need a gateway to end; without one only the limit of visits ends the run. */
  private warnOfCircles(ids: readonly string[]): void {
    const { nodes, successors } = this.tools.structure;
    const done = new Set<string>();
    for (const start of ids) {
      const walked: string[] = [];
      let current: string | undefined = start;
      while (current !== undefined && !done.has(current) && nodes.get(current)?.kind !== 'gateway') {
        done.add(current);
        walked.push(current);
        current = successors.get(current);
      }
      if (current === undefined || !walked.includes(current)) continue;
      const circle = walked.slice(walked.indexOf(current));
      const message = `${circle.map((id) => `\`${id}\``).join(', ')} follow each other in a circle without a gateway; only the limit of visits ends such a run.`;
      this.tools.report.warning([...(nodes.get(walked.at(-1) ?? '')?.source.path ?? []), 'next_id'], 'endless-loop', message);
    }
  }

  private sequence({ ids, next }: Sequence): NodeDocument[] {
    const { nodes } = this.tools.structure;
    const entrances = new Map<string, number>();
    for (const id of ids) for (const follower of new Set(this.followers(id))) entrances.set(follower, (entrances.get(follower) ?? 0) + 1);
    return ids.flatMap((id, index) => {
      const node = nodes.get(id);
      if (node === undefined) return [];
      const following = ids[index + 1];
      const successor = next(id);
      const falls = successor === following && (following === undefined || (entrances.get(following) ?? 0) < 2);
      const leads = node.kind === 'gateway' || node.kind === 'end' || falls;
      return this.node(node, leads ? undefined : this.jump(successor));
    });
  }

  private jump(id: string | undefined): string {
    return id === undefined ? 'end' : this.tools.identifiers.of(id);
  }

  private node(node: LinkedNode, next: string | undefined): NodeDocument[] {
    const { settings } = this.tools;
    if (truthy(node.source.breakpoint))
      this.tools.report.note(`The breakpoint of \`${node.id}\` is left out; set it again when you debug.`);
    switch (node.kind) {
      case 'start':
      case 'frame':
        return [];
      case 'end':
        return [{ ...this.base(node, {}), type: 'end' }];
      case 'gateway':
        return [this.gateway(node, settings.of(node))];
      case 'group':
        return [this.group(node, settings.of(node), next)];
      case 'parallel':
        return [this.parallel(node, settings.of(node), next)];
      case 'sub_process':
        this.tools.report.error(
          [...node.source.path, 'task_type'],
          'sub-process',
          `\`${node.id}\` runs another process; sub_process nodes cannot be imported yet.`,
        );
        return [];
      case 'task':
        return this.task(node, settings.of(node), next);
    }
  }

  private base(node: LinkedNode, settings: Settings) {
    const { task_name: name, desc } = node.source;
    const { onError, callbacks } = settings;
    const set = node.kind === 'task' || node.kind === 'group' || node.kind === 'parallel' ? this.set(node) : undefined;
    return {
      id: this.tools.identifiers.of(node.id),
      ...(filled(name) ? { name } : {}),
      ...(filled(desc) ? { description: desc } : {}),
      ...(set === undefined ? {} : { set }),
      ...(onError === undefined ? {} : { onError }),
      ...(callbacks === undefined ? {} : { callbacks }),
    };
  }

  private task(node: LinkedNode, settings: Settings, next: string | undefined): NodeDocument[] {
    const { taskTypes, report } = this.tools;
    const { task_module: module, method_name: name, path } = node.source;
    const method = methodOf(module?.trim() ?? '', name?.trim() ?? '', taskTypes);
    if (method === undefined) {
      report.error(
        [...path, 'task_module'],
        'unknown-module',
        `No task type takes the place of \`${module ?? ''}.${name ?? ''}\`; a plugin can bring one of that name.`,
      );
      return [];
    }
    const goesOn = next === undefined ? {} : { next };
    if (method.kind === 'assign') {
      const { set, ...base } = this.base(node, settings);
      return [{ ...base, type: 'assign', set: { ...this.assigned(node), ...set }, ...goesOn }];
    }
    const given = this.tools.converter.values(node.arguments, [...path, 'method_kwargs']);
    const { timeout, retry } = settings;
    return [
      {
        ...this.base(node, settings),
        type: 'task',
        uses: method.uses,
        with: method.arguments(given),
        ...(timeout === undefined ? {} : { timeout }),
        ...(retry === undefined ? {} : { retry }),
        ...goesOn,
      },
    ];
  }

  /** `Variable.variable_reassign`: the value as the variable's type wants it. */
  private assigned(node: LinkedNode): Record<string, Json> {
    const path = [...node.source.path, 'method_kwargs'];
    const { variable_key: key, variable_value: value } = node.arguments;
    const named = this.writable(String(key ?? ''), [...path, 'variable_key']);
    if (named === undefined) return {};
    const converted = this.tools.converter.value(value, [...path, 'variable_value']);
    const constant = converted === value;
    return { [named.name]: constant ? (initialValue(value, named.type) ?? converted) : converted };
  }

  private set(node: LinkedNode): Record<string, Json> | undefined {
    const written = node.source.result_config;
    if (written === null || written === undefined || written === '') return undefined;
    const path = [...node.source.path, 'result_config'];
    const bindings = Array.isArray(written)
      ? written.map((entry, index) => ({ entry, path: [...path, index] }))
      : [{ entry: written, path }];
    const set: Record<string, Json> = {};
    for (const { entry, path: place } of bindings) {
      const { result_key: result, variable_key: variable } = entry;
      if (!filled(result) && !filled(variable)) continue;
      if (!filled(result))
        this.tools.report.error([...place, 'result_key'], 'no-result-key', 'Name the key of the result that the variable takes.');
      const named = this.writable(String(variable ?? ''), [...place, 'variable_key']);
      if (named !== undefined && filled(result)) set[named.name] = embedded(celMember('result', result));
    }
    return Object.keys(set).length === 0 ? undefined : set;
  }

  private writable(name: string, path: Path) {
    const named = this.tools.declarations.writable(name);
    if (named === undefined) {
      this.tools.report.error(path, 'unknown-variable', `No variable \`${name}\` is declared; add it to \`variable\`.`);
    }
    return named;
  }

  private gateway(node: LinkedNode, settings: Settings): NodeDocument {
    const { conditions, structure, report } = this.tools;
    const jumpOf = (branch: Branch): string => this.jump(branch.target === undefined ? undefined : structure.target(branch.target));
    const otherwise = node.branches.findIndex((branch) => branch.items.length === 0);
    const decided = otherwise === -1 ? node.branches : node.branches.slice(0, otherwise);
    for (const late of otherwise === -1 ? [] : node.branches.slice(otherwise + 1)) {
      report.warning(
        late.path,
        'never-taken',
        'A branch without conditions stands before this one and always matches, so this one is left out.',
      );
    }
    const cases = decided.map((branch) => ({
      ...(branch.name === undefined ? {} : { name: branch.name }),
      when: embedded(conditions.condition(node, branch)),
      next: jumpOf(branch),
    }));
    const other = node.branches[otherwise];
    // What nobody chose went on nowhere when the gateway's failure was skipped.
    const fallback = other !== undefined ? jumpOf(other) : this.tools.settings.skips(node) ? 'end' : undefined;
    return { ...this.base(node, settings), type: 'switch', cases, ...(fallback === undefined ? {} : { default: fallback }) };
  }

  private group(node: LinkedNode, settings: Settings, next: string | undefined): GroupDocument {
    return {
      ...this.base(node, settings),
      type: 'group',
      ...(settings.timeout === undefined ? {} : { timeout: settings.timeout }),
      flow: this.members(node),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** The tasks of a group follow each other as they are listed; only a gateway among them makes their links count. */
  private members(group: LinkedNode): NodeDocument[] {
    const { nodes, successors } = this.tools.structure;
    const ids = [...new Set(group.members.map((member) => member.id))];
    if (!ids.some((id) => nodes.get(id)?.kind === 'gateway')) {
      return this.sequence({ ids, next: (id) => ids[ids.indexOf(id) + 1] });
    }
    const inside = (id: string): string[] => this.followers(id).filter((follower) => ids.includes(follower));
    for (const id of ids) if (nodes.get(id)?.kind === 'gateway') this.refuseJumpsOut(nodes.get(id), group, inside(id).length);
    const ordered = orderOf({ entry: ids[0], followers: inside });
    for (const id of ids) {
      if (ordered.includes(id)) continue;
      this.tools.report.warning(
        nodes.get(id)?.source.path ?? [],
        'unreachable',
        `\`${id}\` is never reached inside \`${group.id}\` and is left out.`,
      );
    }
    return this.sequence({ ids: ordered, next: (id) => inside(id).find((follower) => follower === successors.get(id)) });
  }

  private refuseJumpsOut(gateway: LinkedNode | undefined, group: LinkedNode, inside: number): void {
    if (gateway === undefined || inside === this.followers(gateway.id).length) return;
    const message = `The gateway \`${gateway.id}\` leads out of the group \`${group.id}\`; its targets stand in the same group.`;
    this.tools.report.error([...gateway.source.path, 'method_kwargs', 'conditions'], 'jump-out', message);
  }

  private parallel(node: LinkedNode, settings: Settings, next: string | undefined): ParallelDocument {
    const { timeout, runner, maxConcurrency } = settings;
    return {
      ...this.base(node, settings),
      type: 'parallel',
      ...(timeout === undefined ? {} : { timeout }),
      ...(runner === undefined ? {} : { runner }),
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      branches: this.lanes(node),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** A plain group is the branch itself, so that results look as they did; one with settings of its own stays a node. */
  private lanes(node: LinkedNode): Record<string, NodeDocument[]> {
    const { structure, identifiers } = this.tools;
    const branches: Record<string, NodeDocument[]> = {};
    const names = new Set<string>();
    const add = (wish: string, flow: NodeDocument[]): void => {
      const name = freeName(wish, names);
      names.add(name);
      branches[name] = flow;
    };
    (structure.lanes.get(node.id) ?? []).forEach((lane, index) => {
      const ids = lane.members.map((member) => member.id);
      const only = ids.length === 1 ? structure.nodes.get(ids[0] ?? '') : undefined;
      if (only?.kind !== 'group') add(`lane_${index + 1}`, this.sequence({ ids, next: (id) => ids[ids.indexOf(id) + 1] }));
      else add(identifiers.of(only.id), this.isPlain(only) ? this.members(only) : this.node(only, undefined));
    });
    return branches;
  }

  private isPlain(group: LinkedNode): boolean {
    const { onError, callbacks, timeout } = this.tools.settings.of(group);
    return (
      onError === undefined &&
      callbacks === undefined &&
      timeout === undefined &&
      group.source.result_config == null &&
      !this.isJudged(group.id)
    );
  }

  /** A gateway that asks for a group's status needs the group as a node. */
  private isJudged(id: string): boolean {
    const judges = (item: unknown): boolean =>
      typeof item === 'object' &&
      item !== null &&
      ['condition', 'condition_task_id'].some((key) => String((item as Record<string, unknown>)[key]).trim() === id);
    return [...this.tools.structure.nodes.values()].some((node) => node.branches.some((branch) => branch.items.some(judges)));
  }
}

const filled = (text: unknown): text is string => typeof text === 'string' && text.trim() !== '';
const truthy = (value: unknown): boolean => value === true || value === 1 || value === '1' || value === 'true';
