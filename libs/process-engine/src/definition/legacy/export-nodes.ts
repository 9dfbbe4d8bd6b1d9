import { parseDuration, type Json, type JsonObject } from '@orderlines/contracts';
import type { NodeDocument, ParallelDocument } from '../document.js';
import type { CallbackDocument } from '../document-fields.js';
import { targetOf } from '../flow-graph.js';
import { legacyItems } from './export-conditions.js';
import { Inexpressible, legacyValue, legacyValues, onlyExpression } from './export-text.js';
import { freeName } from './identifiers.js';
import { originOf } from './modules.js';
import { noticeWords } from './notices.js';

/** Limit of a task that names none in the new format, seconds. */
const CURRENT_TASK_SECONDS = 3600;

/** Writes the nodes of a process as the older format's linked list. */
export class NodeExporter {
  readonly nodes: JsonObject[] = [];

  /**
   * @param taken Ids that are in use.
   * @param refuse Told of what cannot be written, by the path of the node.
   */
  constructor(
    private readonly taken: Set<string>,
    private readonly refuse: (path: string, what: string) => void,
  ) {}

  /** Writes a flow and gives the id of its first node. */
  process(flow: readonly NodeDocument[]): void {
    this.nodes.push(this.row(this.claim('start'), 'start', 'BuiltIn', 'start', {}, { next_id: flow[0]?.id ?? null }));
    this.flow(flow, 'flow');
  }

  private claim(wish: string): string {
    const id = freeName(wish, this.taken);
    this.taken.add(id);
    return id;
  }

  private row(id: string, type: string, module: string, method: string, given: Json, more: JsonObject): JsonObject {
    const row = { task_id: id, task_name: id, task_type: type, task_module: module, method_name: method, method_kwargs: given };
    return { ...row, prev_id: null, next_id: null, task_config: null, result_config: null, desc: null, ...more };
  }

  private flow(flow: readonly NodeDocument[], path: string): void {
    const siblings = new Set(flow.map(({ id }) => id));
    flow.forEach((node, index) => {
      const next = 'next' in node && node.next !== undefined ? targetOf(node.next, siblings) : (flow[index + 1]?.id ?? null);
      const place = `${path}[${index}]`;
      try {
        const more = { ...describe(node), next_id: next, task_config: settingsOf(node), result_config: bindingsOf(node) };
        this.nodes.push(this.node(node, more, siblings, place));
      } catch (error) {
        if (!(error instanceof Inexpressible)) throw error;
        this.refuse(place, error.message);
      }
    });
  }

  private node(node: NodeDocument, more: JsonObject, siblings: ReadonlySet<string>, path: string): JsonObject {
    switch (node.type) {
      case 'task': {
        const origin = originOf(node.uses, node.with ?? {});
        if (origin === undefined) throw new Inexpressible(`the task type \`${node.uses}\``);
        return this.row(node.id, 'common', origin.module, origin.method, legacyValues(origin.arguments), more);
      }
      case 'assign': {
        const entries = Object.entries(node.set ?? {});
        const [entry] = entries;
        if (entry === undefined || entries.length > 1) throw new Inexpressible('an assignment of several variables at once');
        const given = { variable_key: entry[0], variable_value: legacyValue(entry[1]) };
        return this.row(node.id, 'common', 'Variable', 'variable_reassign', given, { ...more, result_config: null });
      }
      case 'switch':
        return this.row(node.id, 'process_control', 'ProcessControl', 'process_control', this.conditions(node, siblings), {
          ...more,
          next_id: null,
        });
      case 'group': {
        this.flow(node.flow, `${path}.flow`);
        return this.row(node.id, 'group', 'Group', 'task_group', { group_ids: node.flow.map(({ id }) => id) }, more);
      }
      case 'parallel': {
        const lanes = Object.entries(node.branches).map(([name, lane]) => this.lane(name, lane, `${path}.branches.${name}`));
        return this.row(node.id, 'parallel', 'Parallel', 'parallel_task', { parallel_task_ids: lanes }, this.parallel(node, more));
      }
      case 'end':
        return this.row(node.id, 'end', 'BuiltIn', 'end', {}, { ...more, next_id: null, task_config: null });
      case 'delay':
        throw new Inexpressible('a delay');
      case 'approval':
        throw new Inexpressible('an approval');
      case 'wait':
        throw new Inexpressible('a wait for a signal');
      case 'dag':
        throw new Inexpressible('a dag');
      case 'foreach':
        throw new Inexpressible('a loop over items');
      case 'process':
        throw new Inexpressible('the start of another process');
    }
  }

  private conditions(node: Extract<NodeDocument, { type: 'switch' }>, siblings: ReadonlySet<string>): JsonObject {
    const ways = node.cases.map((way) => ({
      task_id: this.target(way.next, siblings),
      condition: legacyItems(way.when),
      ...(way.name === undefined ? {} : { expression: way.name }),
    }));
    const other = node.default === undefined ? [] : [{ task_id: this.target(node.default, siblings), condition: [] }];
    const conditions = [...ways, ...other];
    const byStatus = conditions.flatMap(({ condition }) => condition).map((item) => 'task_status' in item);
    const mixed = byStatus.includes(true) && byStatus.includes(false);
    return { ...(mixed ? {} : { pc_type: byStatus.includes(true) ? 'status' : 'result' }), conditions };
  }

  /** A gateway always led to a node; a frame, which is no step, stands for the end of the flow. */
  private target(next: string, siblings: ReadonlySet<string>): string {
    const id = targetOf(next, siblings);
    if (id !== null) return id;
    const frame = this.claim('stop');
    this.nodes.push(this.row(frame, 'common', 'BuiltIn', 'select', {}, {}));
    return frame;
  }

  /** A lane was a group, which gives the branch its name. */
  private lane(name: string, lane: readonly NodeDocument[], path: string): string {
    this.flow(lane, path);
    if (lane.length === 1 && lane[0]?.id === name && lane[0].type === 'group') return name;
    if (this.taken.has(name)) throw new Inexpressible(`a branch with the name of the node \`${name}\``);
    this.taken.add(name);
    this.nodes.push(this.row(name, 'group', 'Group', 'task_group', { group_ids: lane.map(({ id }) => id) }, {}));
    return name;
  }

  private parallel(node: ParallelDocument, more: JsonObject): JsonObject {
    const settings = (more.task_config ?? {}) as JsonObject;
    const runner: JsonObject = node.runner === undefined ? {} : { runner: node.runner === 'cpu' ? 'process' : 'gevent' };
    const pool: JsonObject = node.maxConcurrency === undefined ? {} : { pool_size: node.maxConcurrency };
    return { ...more, task_config: { ...settings, ...runner, ...pool } };
  }
}

const describe = (node: NodeDocument): JsonObject => ({
  ...(node.name === undefined ? { task_name: '' } : { task_name: node.name }),
  ...(node.description === undefined ? {} : { desc: node.description }),
  ...(isBreakpoint(node) ? { breakpoint: 1 } : {}),
});

function isBreakpoint({ breakpoint = false }: NodeDocument): boolean {
  if (typeof breakpoint !== 'boolean') throw new Inexpressible('a breakpoint with a condition');
  return breakpoint;
}

/** Seconds of a fixed duration. @throws Inexpressible for an expression. */
export function secondsOf(duration: string): number {
  const milliseconds = parseDuration(duration);
  if (milliseconds === undefined) throw new Inexpressible(`the duration \`${duration}\``);
  return milliseconds / 1000;
}

function settingsOf(node: NodeDocument): JsonObject | null {
  const timeout = 'timeout' in node ? node.timeout : undefined;
  const retry = 'retry' in node ? node.retry : undefined;
  const seconds = timeout !== undefined ? secondsOf(timeout) : node.type === 'task' ? CURRENT_TASK_SECONDS : undefined;
  const told = callbackSettings(node.callbacks ?? []);
  const settings: JsonObject = {
    ...(seconds === undefined ? {} : { timeout: seconds }),
    ...(retry === undefined ? {} : { task_strategy: 'retry', retry_time: retry.limit + 1, sleep_time: secondsOf(retry.delay ?? '1s') }),
    ...(node.onError === 'ignore' ? { task_strategy: 'skip' } : {}),
    ...(node.type === 'task' || node.type === 'assign' || node.callbacks !== undefined ? told : {}),
  };
  return Object.keys(settings).length === 0 ? null : settings;
}

function callbackSettings([callback, ...more]: readonly CallbackDocument[]): JsonObject {
  if (callback === undefined) return { notice_type: [] };
  if (more.length > 0) throw new Inexpressible('several callbacks of one node');
  const notice = { notice_type: noticeWords(callback.states) };
  if (callback.uses === 'email.send') return notice;
  const origin = originOf(callback.uses, callback.with ?? {});
  if (origin === undefined) throw new Inexpressible(`the task type \`${callback.uses}\` in a callback`);
  return { ...notice, callback_module: origin.module, callback_func: origin.method };
}

const RESULT = /^result(?:\.(\w+)|\['((?:[^'\\]|\\.)+)'\])$/;

function bindingsOf(node: NodeDocument): Json {
  if (node.type === 'assign' || node.set === undefined) return null;
  return Object.entries(node.set).map(([variable, value]) => {
    const key = typeof value === 'string' ? RESULT.exec(onlyExpression(value)) : null;
    if (key === null) throw new Inexpressible(`\`set\` with anything but a key of the result (\`${variable}\`)`);
    const result = key[1] ?? key[2] ?? '';
    return { result_key: node.type === 'switch' && result === 'next' ? 'task_id' : result, variable_key: `\${${variable}}` };
  });
}
