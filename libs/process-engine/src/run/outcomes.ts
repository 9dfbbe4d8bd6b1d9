import type { Failure, Json, JsonObject } from '@orderlines/contracts';
import type { CompiledNode } from '../definition/compiled.js';
import { RowsNeeded, type StoredTask } from './context.js';
import { type Execution, own, type Reached, type Scope } from './document.js';
import type { Turn } from './turn.js';

/** `error` in expressions. */
export const errorRoot = ({ message, reason, code, detail }: Failure): JsonObject => ({
  message,
  reason,
  ...(code !== undefined && { code }),
  ...(detail !== undefined && { detail }),
});

/** Remembers how far a node has come, when some expression reads it. */
export function remember(turn: Turn, execution: Execution): void {
  if (execution.callback || !turn.process.referenced.has(execution.nodeId)) return;
  const scope = turn.scope(execution.scope);
  const { id, status, failed = false, attempt } = execution;
  scope.reached = { ...scope.reached, [execution.nodeId]: { id, status, failed, attempt } };
}

/** Hands what an ended scope remembers to the scope around it: its nodes stay readable there. */
export function passOn(turn: Turn, ended: Scope): void {
  if (ended.parent === undefined || !ended.reached || !turn.findScope(ended.parent)) return;
  const parent = turn.scope(ended.parent);
  parent.reached = { ...parent.reached, ...ended.reached };
}

/** `tasks` for an expression in a scope that names these nodes. Throws RowsNeeded with everything missing at once. */
export function outcomesFor(turn: Turn, scope: number, nodeIds: Iterable<string>): JsonObject {
  const reader = new RowReader(turn);
  const tasks = Object.fromEntries([...nodeIds].map((nodeId) => [nodeId, reader.outcome(lookUp(turn, scope, nodeId))]));
  reader.assertComplete();
  return tasks;
}

/** The node's latest visit in the nearest enclosing scope; its own scope, when open, hides visits of earlier rounds. */
function lookUp(turn: Turn, from: number, nodeId: string): Reached | undefined {
  const node = turn.process.nodes.get(nodeId);
  for (let scope = turn.findScope(from); scope; scope = scope.parent === undefined ? undefined : turn.findScope(scope.parent)) {
    const reached = own(scope.reached, nodeId);
    if (reached || (node && standsIn(node, scope))) return reached;
  }
  return undefined;
}

function standsIn(node: CompiledNode, scope: Scope): boolean {
  if (scope.owner === null) return node.flow === 'setup' || node.flow === 'flow' || node.flow === 'teardown';
  if (scope.section.startsWith('branches/')) return node.flow === `${scope.owner}/${scope.section}`;
  return ['setup', 'flow', 'teardown'].some((section) => node.flow === `${scope.owner}/${section}`);
}

const NOT_REACHED: JsonObject = { status: 'PENDING', failed: false, result: {}, error: {}, attempts: 0, startedAt: null, finishedAt: null };

/** Reads rows from this turn or the context, and collects those that must be loaded first. */
class RowReader {
  private readonly missing = new Set<string>();
  private readonly missingContainers = new Set<string>();

  constructor(private readonly turn: Turn) {}

  outcome(reached: Reached | undefined): Json {
    if (!reached) return NOT_REACHED;
    const row = this.row(reached.id);
    if (!row) return NOT_REACHED;
    return {
      status: reached.status,
      failed: reached.failed,
      result: this.resultOf(row),
      error: row.error ? errorRoot(row.error) : {},
      attempts: reached.attempt,
      startedAt: timeOf(row.startedAt),
      finishedAt: timeOf(row.finishedAt),
    };
  }

  assertComplete(): void {
    if (this.missing.size > 0 || this.missingContainers.size > 0) throw new RowsNeeded([...this.missing], [...this.missingContainers]);
  }

  private row(id: string): StoredTask | undefined {
    const row = this.turn.written(id) ?? this.turn.context.task(id);
    if (!row) this.missing.add(id);
    return row;
  }

  /** The stored result; for a container without `outputs` a view over the rows of its nodes. */
  private resultOf(row: StoredTask): Json {
    const node = this.turn.node(row.nodeId);
    // A container that a person gave a result has no rows inside that speak for it.
    if (row.result !== null) return row.result;
    if (node.type === 'group' && !node.outputs) return this.nodesOf(this.childrenOf(row.id), `${node.id}/flow`);
    if (node.type === 'parallel') {
      const children = this.childrenOf(row.id);
      return Object.fromEntries(node.branches.map((branch) => [branch, this.nodesOf(children, `${node.id}/branches/${branch}`)]));
    }
    return row.result ?? {};
  }

  private nodesOf(children: readonly StoredTask[], flow: string): JsonObject {
    const inFlow = children.filter((child) => this.turn.process.nodes.get(child.nodeId)?.flow === flow);
    const newest = Math.max(...inFlow.map((child) => child.scope));
    const latest = new Map<string, StoredTask>();
    for (const child of inFlow) {
      const other = latest.get(child.nodeId);
      if (child.scope === newest && (!other || other.visit < child.visit)) latest.set(child.nodeId, child);
    }
    return Object.fromEntries([...latest].map(([nodeId, child]) => [nodeId, this.resultOf(child)]));
  }

  private childrenOf(container: string): readonly StoredTask[] {
    const born = this.turn.bornUnder(container);
    const stored = this.turn.wasBornHere(container) ? [] : this.turn.context.children(container);
    if (!stored) {
      this.missingContainers.add(container);
      return born;
    }
    const bornIds = new Set(born.map(({ id }) => id));
    return [...stored.filter(({ id }) => !bornIds.has(id)).map((child) => this.turn.written(child.id) ?? child), ...born];
  }
}

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
