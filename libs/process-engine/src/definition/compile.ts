import { parseDuration, cpuQueue, type Json, type Runner } from '@orderlines/contracts';
import { parseExpression } from '../variables/expression.js';
import { expressionsOf } from '../variables/expressions-of.js';
import { parseTemplate } from '../variables/parse-template.js';
import { scanTemplate } from '../variables/scan-template.js';
import { ExpressionError, type Expression, type Template } from '../variables/template.js';
import type {
  CompiledApproval,
  CompiledCallback,
  CompiledFlow,
  CompiledForeach,
  CompiledGraph,
  CompiledGraphNode,
  CompiledNode,
  CompiledNodeBase,
  CompiledParam,
  CompiledProcess,
  CompiledRefusal,
  CompiledRetry,
  CompiledSwitch,
  CompiledTask,
} from './compiled.js';
import { FAIL, nodesInCycles, targetOf } from './flow-graph.js';
import { type ForeachDocument, type NodeDocument, type ProcessDocument } from './document.js';
import { DEFAULT_ITEM_NAME, DEFAULT_NAMESPACE, type CallbackDocument, type ParamDocument, type RetryDocument } from './document-fields.js';

/** Queue of a task when neither it nor its process names one. */
export const DEFAULT_QUEUE = 'default';

/** Makes callbacks executable that no process says, with the queue of their tasks; throws {@link ExpressionError}. */
export const compileCallbacks = (callbacks: readonly CallbackDocument[], queue = DEFAULT_QUEUE): CompiledCallback[] =>
  callbacks.map(({ states, uses, with: given }) => ({ states, uses, with: parseTemplate(given ?? {}), queue }));
/** Visits of one node in one scope before the run ends, when the process says nothing. */
export const DEFAULT_MAX_VISITS = 1_000;
/** Branches or items that run at once when their container does not say; nodes of a dag that run at once. */
export const DEFAULT_CONCURRENCY = 100;
const DEFAULT_RETRY_DELAY_MS = 1_000;
const DEFAULT_FACTOR = 2;

/**
 * Makes a process ready to run. The document must have been validated: a mistake that validation would have named
 * is thrown as it comes ({@link ExpressionError} for an expression).
 */
export function compile(document: ProcessDocument): CompiledProcess {
  return new Compiler(document).compile();
}

/** Where a node stands. */
interface Place {
  /** Key of its flow. */
  readonly flow: string;
  /** The node behind it in the list. */
  readonly following: string | null;
  readonly inCycle: boolean;
  /** Ids of all nodes of its flow. */
  readonly siblings: ReadonlySet<string>;
}

class Compiler {
  private readonly nodes = new Map<string, CompiledNode>();
  private readonly flows = new Map<string, CompiledFlow>();
  private readonly referenced = new Set<string>();
  private readonly config = new Set<string>();
  private readonly secrets = new Set<string>();
  /** That of the parallel around what is being compiled. */
  private runner: Runner = 'io';

  constructor(private readonly document: ProcessDocument) {}

  compile(): CompiledProcess {
    const { document } = this;
    for (const section of ['setup', 'flow', 'teardown'] as const) {
      this.addFlow(section, null, section, document[section] ?? [], section === 'flow' && document.type === 'dag');
    }
    return {
      namespace: document.namespace ?? DEFAULT_NAMESPACE,
      name: document.name,
      nodes: this.nodes,
      flows: this.flows,
      params: this.params(document.params),
      variables: (document.variables ?? []).map(({ name, type, value }) => ({ name, type, value: literalOf(value ?? null) })),
      ...optional('timeout', document.timeout, (timeout) => this.duration(timeout)),
      ...optional('concurrency', document.concurrency, ({ key, limit, policy }) => ({
        key: this.template(key),
        limit: limit ?? 1,
        policy: policy ?? 'queue',
      })),
      onError: document.onError ?? 'raise',
      ...optional('outputs', document.outputs, (outputs) => this.template(outputs)),
      callbacks: this.callbacks(document.callbacks, document.queue),
      workspace: document.workspace === 'run',
      maxVisits: document.maxVisits ?? DEFAULT_MAX_VISITS,
      referenced: this.referenced,
      config: this.config,
      secrets: this.secrets,
    };
  }

  private params(declared: readonly ParamDocument[] = []): CompiledParam[] {
    return declared.map((param) => ({
      name: param.name,
      type: param.type,
      required: param.required ?? false,
      ...optional('title', param.title, (title) => title),
      ...optional('description', param.description, (description) => description),
      ...optional('default', param.default, (value) => this.template(value)),
      ...optional('enum', param.enum, (values) => values),
      ...optional('pattern', param.pattern, (pattern) => pattern),
      ...optional('min', param.min, (min) => min),
      ...optional('max', param.max, (max) => max),
    }));
  }

  private addFlow(key: string, owner: string | null, section: string, nodes: readonly NodeDocument[], isGraph = false): void {
    const cycles = isGraph ? new Set<string>() : nodesInCycles(nodes);
    const nodeIds = nodes.map((node) => node.id);
    const siblings = new Set(nodeIds);
    this.flows.set(key, { key, owner, section, first: nodeIds[0] ?? null, nodeIds, ...(isGraph && { graph: this.graph(nodes) }) });
    nodes.forEach((node, index) => {
      const following = isGraph ? null : (nodeIds[index + 1] ?? null);
      const place = { flow: key, following, inCycle: cycles.has(node.id), siblings };
      this.nodes.set(node.id, this.node(node, this.base(node, place), place));
      this.addInnerFlows(node);
    });
  }

  private addInnerFlows(node: NodeDocument): void {
    if (node.type === 'group') {
      for (const section of ['setup', 'flow', 'teardown'] as const) {
        this.addFlow(`${node.id}/${section}`, node.id, section, node[section] ?? []);
      }
    }
    if (node.type === 'parallel') {
      const around = this.runner;
      this.runner = node.runner ?? around;
      for (const [name, flow] of Object.entries(node.branches)) {
        this.addFlow(`${node.id}/branches/${name}`, node.id, `branches/${name}`, flow);
      }
      this.runner = around;
    }
    if (node.type === 'dag') this.addFlow(`${node.id}/flow`, node.id, 'flow', node.nodes, true);
    if (node.type === 'foreach') this.addFlow(`${node.id}/flow`, node.id, 'flow', node.flow);
  }

  private graph(nodes: readonly NodeDocument[]): CompiledGraph {
    const positions = new Map(nodes.map((node, index) => [node.id, index]));
    const neededBy = nodes.map((): number[] => []);
    const compiled = nodes.map((node, index): CompiledGraphNode => {
      const needs = [...new Set(node.needs ?? [])].map((id) => positions.get(id) ?? index);
      for (const needed of needs) neededBy[needed]?.push(index);
      return {
        needs,
        neededBy: neededBy[index] ?? [],
        trigger: node.trigger ?? 'all_success',
        ...optional('when', node.when, (when) => this.template(when)),
      };
    });
    return { nodes: compiled, positions };
  }

  private base(node: NodeDocument, { flow, following, inCycle, siblings }: Place): CompiledNodeBase {
    return {
      id: node.id,
      name: node.name ?? node.id,
      flow,
      next: 'next' in node && node.next !== undefined ? targetOf(node.next, siblings) : following,
      inCycle,
      ...optional('disabled', node.disabled, (disabled) => this.template(disabled)),
      ...optional('breakpoint', node.breakpoint, (breakpoint) => this.template(breakpoint)),
      ...optional('timeout', 'timeout' in node ? node.timeout : undefined, (timeout) => this.duration(timeout)),
      ...optional('retry', 'retry' in node ? node.retry : undefined, (retry) => this.retry(retry)),
      ...optional('onError', node.onError, (onError) => onError),
      callbacks: this.callbacks(node.callbacks, this.queueOf(node)),
      set: Object.entries(node.set ?? {}).map(([name, value]) => [name, this.template(value)]),
    };
  }

  private node(node: NodeDocument, base: CompiledNodeBase, place: Place): CompiledNode {
    switch (node.type) {
      case 'task':
        return this.task(node, base);
      case 'switch':
        return this.switch(node, base, place);
      case 'group':
        return {
          ...base,
          type: 'group',
          ...optional('outputs', node.outputs, (outputs) => this.template(outputs)),
          workspace: node.workspace === 'run',
        };
      case 'parallel':
        return {
          ...base,
          type: 'parallel',
          branches: Object.keys(node.branches),
          maxConcurrency: node.maxConcurrency ?? DEFAULT_CONCURRENCY,
          join: node.join ?? 'all',
          failFast: node.failFast ?? true,
          ...optional('outputs', node.outputs, (outputs) => this.template(outputs)),
        };
      case 'dag':
        return { ...base, type: 'dag', ...optional('outputs', node.outputs, (outputs) => this.template(outputs)) };
      case 'foreach':
        return this.foreach(node, base);
      case 'assign':
        return { ...base, type: 'assign' };
      case 'delay':
        return {
          ...base,
          type: 'delay',
          ...optional('for', node.for, (duration) => this.duration(duration)),
          ...optional('until', node.until, (until) => this.template(until)),
        };
      case 'approval':
        return this.approval(node, base, place);
      case 'wait':
        return { ...base, type: 'wait', signal: this.template(node.signal), key: this.template(node.key ?? '') };
      case 'process':
        return {
          ...base,
          type: 'process',
          process: node.process,
          version: node.version ?? 'latest',
          inputs: this.template(node.inputs ?? {}),
          wait: node.wait ?? true,
        };
      case 'end':
        return {
          ...base,
          type: 'end',
          status: node.status ?? 'SUCCESS',
          ...optional('message', node.message, (message) => this.template(message)),
        };
    }
  }

  private task(node: Extract<NodeDocument, { type: 'task' }>, base: CompiledNodeBase): CompiledTask {
    return {
      ...base,
      type: 'task',
      uses: node.uses,
      with: this.template(node.with ?? {}),
      queue: this.runner === 'cpu' ? cpuQueue(this.queueOf(node)) : this.queueOf(node),
      ...optional('queueTimeout', node.queueTimeout, (timeout) => this.duration(timeout)),
      ...optional('heartbeatTimeout', node.heartbeatTimeout, (timeout) => this.duration(timeout)),
      ...optional('collect', node.collect, (patterns) => patterns),
      ...optional('idempotent', node.idempotent, (idempotent) => idempotent),
    };
  }

  private foreach(node: ForeachDocument, base: CompiledNodeBase): CompiledForeach {
    const { maxFailures = 0 } = node;
    return {
      ...base,
      type: 'foreach',
      items: this.template(node.items),
      as: node.as ?? DEFAULT_ITEM_NAME,
      concurrency: node.concurrency ?? DEFAULT_CONCURRENCY,
      maxFailures: typeof maxFailures === 'number' ? { count: maxFailures } : { share: Number.parseFloat(maxFailures) / 100 },
      ...optional('outputs', node.outputs, (outputs) => this.template(outputs)),
    };
  }

  private switch(node: Extract<NodeDocument, { type: 'switch' }>, base: CompiledNodeBase, { siblings }: Place): CompiledSwitch {
    return {
      ...base,
      type: 'switch',
      cases: node.cases.map((way) => ({
        ...optional('name', way.name, (name) => name),
        when: this.template(way.when),
        next: targetOf(way.next, siblings),
      })),
      ...optional('default', node.default, (target) => targetOf(target, siblings)),
    };
  }

  private approval(node: Extract<NodeDocument, { type: 'approval' }>, base: CompiledNodeBase, { siblings }: Place): CompiledApproval {
    const action = (target = FAIL): CompiledRefusal => (target === FAIL ? FAIL : { goto: targetOf(target, siblings) });
    return {
      ...base,
      type: 'approval',
      ...optional('users', node.users, (names) => this.template(names)),
      ...optional('roles', node.roles, (names) => this.template(names)),
      ...optional('groups', node.groups, (names) => this.template(names)),
      quorum: node.quorum ?? 'any',
      noSelfApproval: node.noSelfApproval ?? false,
      ...optional('message', node.message, (message) => this.template(message)),
      form: this.params(node.form),
      ...optional('deadline', node.deadline, (deadline) => this.duration(deadline)),
      onDeadline: action(node.onDeadline),
      onReject: action(node.onReject),
    };
  }

  private retry(retry: RetryDocument): CompiledRetry {
    return {
      limit: retry.limit,
      delay: retry.delay === undefined ? { kind: 'literal', value: DEFAULT_RETRY_DELAY_MS } : this.duration(retry.delay),
      backoff: retry.backoff ?? 'fixed',
      factor: retry.factor ?? DEFAULT_FACTOR,
      jitter: retry.jitter ?? 0,
      ...optional('maxDelay', retry.maxDelay, (duration) => this.duration(duration)),
      ...optional('budget', retry.budget, (duration) => this.duration(duration)),
      ...optional('reasons', retry.reasons, (reasons) => reasons),
      ...optional('when', retry.when, (when) => this.expression(when)),
    };
  }

  private callbacks(callbacks: readonly CallbackDocument[] = [], queue = DEFAULT_QUEUE): CompiledCallback[] {
    const compiled = compileCallbacks(callbacks, queue);
    for (const callback of compiled) for (const expression of expressionsOf(callback.with)) this.remember(expression);
    return compiled;
  }

  private queueOf(node: NodeDocument): string {
    return (node.type === 'task' ? node.queue : undefined) ?? this.document.queue ?? DEFAULT_QUEUE;
  }

  private template(value: Json): Template {
    const template = parseTemplate(value);
    for (const expression of expressionsOf(template)) this.remember(expression);
    return template;
  }

  /** A literal duration becomes its milliseconds. */
  private duration(text: string): Template {
    const milliseconds = parseDuration(text);
    return milliseconds === undefined ? this.template(text) : { kind: 'literal', value: milliseconds };
  }

  private expression(text: string): Expression {
    const [part, ...more] = scanTemplate(text);
    if (part === undefined || 'text' in part || more.length > 0) throw new ExpressionError('exactly one expression is needed', text);
    return this.remember(parseExpression(part.expression));
  }

  private remember(expression: Expression): Expression {
    for (const id of expression.references.tasks) this.referenced.add(id);
    for (const name of expression.references.config) this.config.add(name);
    for (const name of expression.references.secrets) this.secrets.add(name);
    return expression;
  }
}

/** `{ [key]: make(value) }`, or nothing where the value is not written. */
function optional<Key extends string, Value, Made>(
  key: Key,
  value: Value | undefined,
  make: (value: Value) => Made,
): { [name in Key]?: Made } {
  return value === undefined ? {} : ({ [key]: make(value) } as { [name in Key]?: Made });
}

/** Variables have fixed first values, in which `$${{` stands for `${{`. */
function literalOf(value: Json): Json {
  const template = parseTemplate(value);
  return template.kind === 'literal' ? template.value : value;
}
