import type { Json } from '@orderlines/contracts';
import type { CompiledGraph, CompiledNode, CompiledProcess } from '../definition/compiled.js';
import type { TaskInstanceRow } from './changes.js';

/** What of a task instance decides whether a rerun takes it over. */
export type RerunCandidate = Pick<TaskInstanceRow, 'id' | 'nodeId' | 'kind' | 'type' | 'parentId' | 'createdAt' | 'status'>;

/** Where a rerun begins and what it takes over. */
export interface RerunPlan {
  /** The node of the root flow that is run first; of a dag, one of those that are. */
  readonly from: string;
  /** Its last execution in the earlier run: variables are as they were before this one, and as what is reused has set them. */
  readonly entered: string | null;
  /** Ids of the task instances whose results are copied. */
  readonly reused: ReadonlySet<string>;
}

/** Why there can be no rerun from a node, with a stable code. */
export class RerunRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RerunRefused';
  }
}

/**
 * A rerun from a node: what was done before its last visit is taken over, last visits only, as far as the version that runs has nodes with the
 * same id and type. In a dag that is what does not need the node and has not failed. A node inside a container takes the container with it,
 * and one that shares the run's folder takes the whole body.
 * @throws RerunRefused when the node is not one of the body, or was not reached.
 */
export function planRerun(process: CompiledProcess, rows: readonly RerunCandidate[], wanted: string): RerunPlan {
  const node = rootNode(process, wanted);
  if (process.workspace) return { from: process.flows.get('flow')?.first ?? node.id, entered: null, reused: new Set() };
  const nodes = rows.filter(({ kind }) => kind !== 'callback').toSorted(inOrder);
  const entered = nodes.findLast((row) => row.parentId === null && row.nodeId === node.id);
  if (!entered) throw new RerunRefused('rerun.not-reached', `The run did not reach ${node.id}: name a node it has reached.`);
  const { graph } = process.flows.get('flow') ?? {};
  const before = graph ? nodes : nodes.filter((row) => inOrder(row, entered) < 0);
  const latest = new Map<string, RerunCandidate>();
  for (const row of before) {
    if (row.parentId === null && row.nodeId !== node.id && standsInBody(process, row)) latest.set(row.nodeId, row);
  }
  if (graph) for (const id of notTakenOver(graph, latest, node.id)) latest.delete(id);
  return { from: node.id, entered: entered.id, reused: withInner(process, [...latest.values()], before) };
}

/** Nodes of a dag that run again: the one that is meant, what has not ended well, and all that need one of these. */
function notTakenOver({ positions, nodes }: CompiledGraph, latest: ReadonlyMap<string, RerunCandidate>, wanted: string): Set<string> {
  const ids = [...positions.keys()];
  const again = new Set(ids.filter((id) => id === wanted || !isDone(latest.get(id))));
  for (const id of again) for (const dependent of nodes[positions.get(id) as number]?.neededBy ?? []) again.add(ids[dependent] as string);
  return again;
}

const isDone = (row: RerunCandidate | undefined): boolean => row?.status === 'SUCCESS' || row?.status === 'SKIP';

/** The node of the root flow that is meant: the node itself or the container around it. */
function rootNode(process: CompiledProcess, wanted: string): CompiledNode {
  let node = process.nodes.get(wanted);
  if (!node) throw new RerunRefused('rerun.unknown-node', `The process ${process.name} has no node ${wanted}.`);
  for (let owner = process.flows.get(node.flow)?.owner; node && owner; owner = node && process.flows.get(node.flow)?.owner) {
    node = process.nodes.get(owner);
  }
  if (node?.flow === 'flow') return node;
  throw new RerunRefused('rerun.not-in-body', `${wanted} stands in setup or teardown, which run in every rerun: name a node of the flow.`);
}

const standsInBody = (process: CompiledProcess, { nodeId, type }: RerunCandidate): boolean => {
  const node = process.nodes.get(nodeId);
  return node?.flow === 'flow' && node.type === type;
};

/** Task instances with all that ran inside them. */
function withInner(process: CompiledProcess, roots: readonly RerunCandidate[], rows: readonly RerunCandidate[]): ReadonlySet<string> {
  const reused = new Set(roots.map(({ id }) => id));
  // A container comes before what runs inside it.
  for (const { id, nodeId, kind, type, parentId } of rows) {
    if (parentId === null || !reused.has(parentId)) continue;
    if (kind === 'item' || process.nodes.get(nodeId)?.type === type) reused.add(id);
  }
  return reused;
}

const inOrder = (one: RerunCandidate, other: RerunCandidate): number =>
  one.createdAt - other.createdAt || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** Variables as they were when a task instance began, and as others have set them since: the facts of the run in their order, the first values given. */
export function variablesBefore(
  first: Readonly<Record<string, Json>>,
  facts: Iterable<{
    readonly type: string;
    readonly id?: string;
    readonly taskInstanceId?: string;
    readonly values?: Readonly<Record<string, Json>>;
  }>,
  taskInstanceId: string,
  others: ReadonlySet<string> = new Set(),
): Record<string, Json> {
  const values = { ...first };
  let hasBegun = false;
  for (const fact of facts) {
    hasBegun ||= fact.id === taskInstanceId || fact.taskInstanceId === taskInstanceId;
    if (fact.type !== 'variables' || (hasBegun && !others.has(fact.taskInstanceId ?? ''))) continue;
    Object.assign(values, fact.values);
  }
  return values;
}
