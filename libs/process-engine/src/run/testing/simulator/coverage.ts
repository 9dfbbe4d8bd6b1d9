import type { CompiledProcess } from '../../../definition/compiled.js';
import type { Operation, RunEvent } from '../../event.js';

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
    for (const node of process.nodes.values()) {
      this.count('node types', node.type);
      const strategies = node as unknown as Readonly<Record<string, unknown>>;
      const { onError, retry, join } = strategies;
      if (onError !== undefined)
        this.count('onError', typeof onError === 'object' && onError !== null && 'goto' in onError ? 'goto' : String(onError));
      if (retry) this.count('strategies', 'retry');
      if (join !== undefined) this.count('joins', typeof join === 'object' ? 'count' : String(join));
      for (const name of [
        'timeout',
        'queueTimeout',
        'deadline',
        'workspace',
        'disabled',
        'failFast',
        'maxFailures',
        'noSelfApproval',
      ] as const)
        if (strategies[name]) this.count('strategies', name);
      if ((strategies.callbacks as readonly unknown[] | undefined)?.length) this.count('strategies', 'callbacks');
    }
    for (const { graph } of process.flows.values()) {
      for (const { trigger, when } of graph?.nodes ?? []) {
        this.count('triggers', trigger);
        if (when) this.count('strategies', 'when');
      }
    }
    for (const id of process.flows.keys())
      for (const section of ['setup', 'teardown']) if (id.endsWith(section)) this.count('strategies', section);
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
