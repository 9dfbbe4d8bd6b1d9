import type { Failure, Json, JsonObject } from '@orderlines/contracts';
import type { CompiledForeach, CompiledNode } from '../definition/compiled.js';
import { isContainer } from './containers.js';
import { RowsNeeded, type StoredTask } from './context.js';
import type { Reached } from './document.js';
import { itemsIn } from './items.js';
import type { Turn } from './turn.js';

/** `error` in expressions. */
export const errorRoot = ({ message, reason, code, detail }: Failure): JsonObject => ({
  message,
  reason,
  ...(code !== undefined && { code }),
  ...(detail !== undefined && { detail }),
});

const NOT_REACHED: JsonObject = { status: 'PENDING', failed: false, result: {}, error: {}, attempts: 0, startedAt: null, finishedAt: null };

/** Reads rows from this turn or the context, and collects those that must be loaded first. */
export class RowReader {
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
  resultOf(row: StoredTask): Json {
    const node = this.turn.node(row.nodeId);
    // A container that a person gave a result has no rows inside that speak for it.
    if (row.result !== null) return row.result;
    if (node.type === 'foreach') return this.itemsOf(node, row);
    if (isContainer(node) && !node.outputs) return this.viewOf(node, this.childrenOf(row.id));
    return {};
  }

  private viewOf(node: CompiledNode, children: readonly StoredTask[]): JsonObject {
    if (node.type !== 'parallel') return this.nodesOf(ofNewestScope(this.inFlow(children, `${node.id}/flow`)));
    const branches = node.branches.map((branch): [string, Json] => {
      return [branch, this.nodesOf(ofNewestScope(this.inFlow(children, `${node.id}/branches/${branch}`)))];
    });
    return Object.fromEntries(branches);
  }

  private inFlow(children: readonly StoredTask[], flow: string): readonly StoredTask[] {
    return children.filter((child) => this.turn.process.nodes.get(child.nodeId)?.flow === flow);
  }

  /** Results by node id, of the latest visits. */
  private nodesOf(rows: readonly StoredTask[]): JsonObject {
    const latest = new Map<string, StoredTask>();
    for (const row of rows) {
      const other = latest.get(row.nodeId);
      if (!other || other.visit < row.visit) latest.set(row.nodeId, row);
    }
    return Object.fromEntries([...latest].map(([nodeId, row]) => [nodeId, this.resultOf(row)]));
  }

  /** What became of each item, in their order: the rows of ended items, and those of their nodes when they have no `outputs`. */
  private itemsOf(node: CompiledForeach, row: StoredTask): Json[] {
    const items = itemsIn(this.turn.inputWritten(row.id) ?? row.input ?? this.storedInput(row.id));
    const children = this.childrenOf(row.id);
    const indexed = children.filter((child) => child.index !== null);
    // Every attempt of the foreach has scopes of its own, one for each item.
    const first = indexed.reduce((newest, child) => Math.max(newest, child.scope - (child.index as number)), 0);
    const ended = new Map(indexed.filter((child) => child.nodeId === node.id).map((child) => [child.scope, child]));
    const nodes = node.outputs ? undefined : Map.groupBy(this.inFlow(children, `${node.id}/flow`), (child) => child.scope);
    return items.map((item, index) => {
      const end = ended.get(first + index);
      return {
        index,
        item,
        status: end?.status ?? 'PENDING',
        error: end?.error ? errorRoot(end.error) : {},
        outputs: nodes ? this.nodesOf(nodes.get(first + index) ?? []) : (end?.result ?? {}),
      };
    });
  }

  /** The input of a row that this turn has touched without writing it. */
  private storedInput(id: string): Json | undefined {
    if (this.turn.wasBornHere(id)) return undefined;
    const row = this.turn.context.task(id);
    if (!row) this.missing.add(id);
    return row?.input;
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

/** Rows of a container's last attempt: every attempt has scopes of its own. */
function ofNewestScope(rows: readonly StoredTask[]): readonly StoredTask[] {
  const newest = rows.reduce((scope, row) => Math.max(scope, row.scope), 0);
  return rows.filter((row) => row.scope === newest);
}

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
