import { DEFAULT_QUEUE } from '../../../definition/compile.js';
import type { CompiledCallback, CompiledNode, CompiledProcess, CompiledRetry } from '../../../definition/compiled.js';
import { CONTAINER_TYPES } from '../../containers.js';
import type { Operation, RunEvent } from '../../event.js';

/** Keys of nodes that are counted where they are written. */
const STRATEGIES = [
  ...['timeout', 'queueTimeout', 'heartbeatTimeout', 'deadline', 'retry', 'disabled', 'workspace', 'failFast', 'maxFailures', 'outputs'],
  ...['noSelfApproval', 'users', 'roles', 'groups', 'for', 'until'],
] as const;

/** How often everything that can occur has occurred: kind, name, number. */
export class Coverage {
  readonly counts = new Map<string, Map<string, number>>();

  /** One line for every kind. */
  get text(): string {
    const lines = [...this.counts]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([kind, names]) => {
        const sorted = [...names].sort(([one], [other]) => one.localeCompare(other));
        return `${kind}: ${sorted.map(([name, count]) => `${name} ${count}`).join(', ')}`;
      });
    return lines.join('\n');
  }

  count(kind: string, name: string, by = 1): void {
    const names = this.counts.get(kind) ?? new Map<string, number>();
    names.set(name, (names.get(name) ?? 0) + by);
    this.counts.set(kind, names);
  }

  /** Nodes and strategies of a definition. */
  process(process: CompiledProcess): void {
    for (const node of process.nodes.values()) this.node(node);
    for (const [key, { graph, section }] of process.flows) {
      if (section === 'setup' || section === 'teardown') this.count('strategies', section);
      if (key === 'flow') this.count('process', graph ? 'dag' : 'flow');
      for (const { trigger, when } of graph?.nodes ?? []) {
        this.count('triggers', trigger);
        if (when) this.count('strategies', 'when');
      }
    }
    this.callbacks('process callbacks', process.callbacks);
    this.count('process', `onError ${process.onError}`);
    if (process.timeout) this.count('process', 'timeout');
    if (process.workspace) this.count('process', 'workspace');
  }

  private node(node: CompiledNode): void {
    this.count('node types', node.type);
    const written = node as CompiledNode & Readonly<Record<string, unknown>>;
    const { onError, retry, callbacks } = node;
    if (onError !== undefined) this.count('onError', typeof onError === 'object' ? 'goto' : onError);
    if (retry) this.retry(retry);
    this.callbacks('callbacks', callbacks);
    if (node.type === 'parallel') this.count('joins', String(node.join));
    if (node.type === 'approval') this.count('quorums', String(node.quorum));
    for (const name of STRATEGIES) if (written[name]) this.count('strategies', name);
    if (retry && CONTAINER_TYPES.has(node.type)) this.count('strategies', 'retry of a container');
    if (node.type === 'task') {
      if (node.queue !== DEFAULT_QUEUE) this.count('strategies', 'runner: cpu');
      this.count('idempotent', String(node.idempotent ?? 'as the task type says'));
    }
    if (node.type === 'process') this.count('strategies', `wait: ${node.wait}`);
  }

  private retry(retry: CompiledRetry): void {
    this.count('retries', retry.backoff);
    for (const name of ['maxDelay', 'jitter', 'budget', 'reasons', 'when'] as const) if (retry[name]) this.count('retries', name);
  }

  private callbacks(kind: string, callbacks: readonly CompiledCallback[]): void {
    for (const { states } of callbacks) for (const state of states) this.count(kind, state);
  }

  event({ kind }: RunEvent): void {
    this.count('events', kind);
  }

  operation(operation: Operation): void {
    const { name } = operation;
    if (operation.name === 'debug') return this.count('operations', `debug: ${operation.action.action}`);
    this.count(
      'operations',
      name === 'stop' && 'force' in operation && operation.force
        ? 'stop by force'
        : 'taskInstanceId' in operation
          ? `${name} of a task`
          : name,
    );
  }

  add({ counts }: Pick<Coverage, 'counts'>): void {
    for (const [kind, names] of counts) for (const [name, number] of names) this.count(kind, name, number);
  }
}
