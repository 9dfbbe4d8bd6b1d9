import type { Failure, SkipReason } from '@orderlines/contracts';
import { DEFAULT_CONCURRENCY } from '../definition/compile.js';
import type { CompiledGraph, Trigger } from '../definition/compiled.js';
import type { Due, Graph, Mutable, Scope } from './document.js';
import type { Turn } from './turn.js';

/** The characters that a running dag has for its nodes. */
const WAITS = '.';
const READY = '+';
/** Its rule cannot hold any more: it is going to be skipped. */
const PASSED = '-';
const OPEN = '*';
const DONE = 'S';
/** Skipped by its condition or because of what it needs: no success, but no failure either. */
const SKIPPED = 'C';
const RAISED = 'F';
/** It was ended from outside, which the nodes that need it see as a failure. */
const STOPPED = 'X';

/** How a node of a dag ended, as the nodes that need it see it. */
export type Fate = 'done' | 'skipped' | 'raised' | 'stopped';

const ENDED: { readonly [F in Fate]: string } = { done: DONE, skipped: SKIPPED, raised: RAISED, stopped: STOPPED };

/** A dag at its start: what needs nothing is ready. */
export const newGraph = ({ nodes }: CompiledGraph): Graph => ({
  nodes: nodes.map(({ needs }) => (needs.length === 0 ? READY : WAITS)).join(''),
  open: 0,
});

/** Notes how a node ended and what that means for the nodes that need it: work in the number of these, not of all. */
export function endNode(turn: Turn, scopeId: number, nodeId: string, fate: Fate, failure?: Failure): void {
  const scope = turn.scope(scopeId);
  const { nodes, positions } = graphOf(turn, scope);
  const graph = scope.graph as Graph;
  const ended = positions.get(nodeId) as number;
  let cells = written(graph.nodes, ended, ENDED[fate]);
  for (const position of nodes[ended]?.neededBy ?? []) {
    if (cells[position] !== WAITS) continue;
    const { trigger, needs } = nodes[position] as CompiledGraph['nodes'][number];
    // What a single ending decides is decided at once, so one that still waits has met none of that.
    const cell = RULES[trigger]([fate], () => needs.some((needed) => isOpen(cells[needed])));
    if (cell !== WAITS) cells = written(cells, position, cell);
  }
  const first = graph.failure ?? failure;
  scope.graph = { nodes: cells, open: graph.open - 1, ...(first && { failure: first }) };
  turn.work.push({ do: 'move', scope: scopeId });
}

/** What comes next in a dag: a node to enter, its end, or nothing as long as it waits for what is open. */
export function nextInGraph(turn: Turn, scopeId: number): Due | undefined {
  const scope = turn.scope(scopeId);
  const { nodes, open, failure } = scope.graph as Graph;
  if (scope.closing) return open === 0 ? { end: scope.closing } : undefined;
  const passed = nodes.indexOf(PASSED);
  if (passed >= 0) return { ...entered(turn, scope, passed), skip: 'upstream' };
  const ready = open < DEFAULT_CONCURRENCY ? nodes.indexOf(READY) : -1;
  if (ready >= 0) return entered(turn, scope, ready);
  if (open > 0) return undefined;
  const left = failure ?? failureLeft(turn, scope);
  return { end: left ? { status: 'FAILURE', failure: left } : { status: 'SUCCESS' } };
}

/** The failure of nodes that had raised one before the dag was opened again, and were not repeated. */
function failureLeft(turn: Turn, scope: Scope): Failure | undefined {
  const { nodes } = scope.graph as Graph;
  const failed = [...nodes].flatMap((cell, position) => (cell === RAISED || cell === STOPPED ? [idAt(turn, scope, position)] : []));
  if (failed.length === 0) return undefined;
  return { reason: 'user', code: 'dag.failures-left', message: `${failed.join(', ')} failed before and did not run again.` };
}

/** Looks again right after this node, so that a long row of ready nodes is cut by the limit of a transition. */
function entered(turn: Turn, scope: Mutable<Scope>, position: number): { readonly node: string } {
  const { nodes, open, ...graph } = scope.graph as Graph;
  scope.graph = { ...graph, nodes: written(nodes, position, OPEN), open: open + 1 };
  turn.work.push({ do: 'move', scope: scope.id });
  return { node: idAt(turn, scope, position) };
}

/** The node has raised a failure, in a dag that runs or may be opened again. */
export const hasRaised = (turn: Turn, { nodes }: Graph, nodeId: string): boolean => {
  const position = rootGraph(turn)?.positions.get(nodeId);
  return position !== undefined && nodes[position] === RAISED;
};

/** A dag that goes on, and the nodes of it that are visited once more. */
export interface OpenedGraph {
  readonly graph: Graph;
  readonly again: readonly string[];
}

/**
 * The dag of the root with a failed node ready once more; when it had ended, also what was stopped with it. What was passed over for their
 * sake waits again, unless something else decides it; what has run is not run again.
 */
export function opened(turn: Turn, graph: Graph, nodeId: string, hadEnded: boolean): OpenedGraph {
  const { nodes, positions } = rootGraph(turn) as CompiledGraph;
  const cells = [...graph.nodes];
  const first = positions.get(nodeId) as number;
  const reset = [first, ...(hadEnded ? cells.flatMap((cell, position) => (cell === STOPPED ? [position] : [])) : [])];
  const ready = reset.length;
  for (const position of reset) cells[position] = READY;
  for (const position of reset) {
    for (const dependent of nodes[position]?.neededBy ?? []) {
      if (cells[dependent] !== SKIPPED) continue;
      cells[dependent] = WAITS;
      reset.push(dependent);
    }
  }
  const looked = reset.slice(ready);
  for (const position of looked) {
    if (cells[position] !== WAITS || judged(nodes, cells, position) === WAITS) continue;
    cells[position] = SKIPPED;
    looked.push(...(nodes[position]?.neededBy ?? []).filter((dependent) => cells[dependent] === WAITS));
  }
  const again = reset.slice(1).filter((position) => cells[position] !== SKIPPED);
  return { graph: { nodes: cells.join(''), open: graph.open }, again: again.map((position) => idIn(turn, position)) };
}

/** The dag of the root of which some nodes are taken over from an earlier run. */
export function takenOver(turn: Turn, endings: ReadonlyMap<string, Fate>): Graph | undefined {
  const graph = rootGraph(turn);
  if (!graph) return undefined;
  const { nodes } = graph;
  const cells: string[] = nodes.map(() => WAITS);
  for (const [id, fate] of endings) cells[graph.positions.get(id) as number] = ENDED[fate];
  const begun = cells.map((cell, position) => (cell === WAITS ? judged(nodes, cells, position) : cell));
  return { nodes: begun.join(''), open: 0 };
}

/** How a node that raised no failure ended, as the nodes that need it see it. */
export const fateOf = (skipReason: SkipReason | null | undefined): Fate =>
  skipReason === 'condition' || skipReason === 'upstream' ? 'skipped' : 'done';

/** Enters the node of a dag that is ready once more. */
export function openNode(turn: Turn, scopeId: number, nodeId: string): void {
  const scope = turn.scope(scopeId);
  entered(turn, scope, graphOf(turn, scope).positions.get(nodeId) as number);
}

/** What becomes of a waiting node when some of its needs have ended so. */
const RULES: { readonly [T in Trigger]: (ended: readonly Fate[], waits: () => boolean) => string } = {
  all_success: (ended, waits) => (ended.some((fate) => fate !== 'done') ? PASSED : waits() ? WAITS : READY),
  none_failed: (ended, waits) => (ended.some((fate) => fate === 'raised' || fate === 'stopped') ? PASSED : waits() ? WAITS : READY),
  one_success: (ended, waits) => (ended.includes('done') ? READY : waits() ? WAITS : PASSED),
  all_done: (_ended, waits) => (waits() ? WAITS : READY),
};

/** What a waiting node is, with all its needs as they are. */
function judged(nodes: CompiledGraph['nodes'], cells: readonly string[], position: number): string {
  const { trigger, needs } = nodes[position] as CompiledGraph['nodes'][number];
  if (needs.length === 0) return READY;
  const ended = needs.flatMap((needed) => FATES.get(cells[needed] as string) ?? []);
  return RULES[trigger](ended, () => ended.length < needs.length);
}

const FATES: ReadonlyMap<string, Fate> = new Map(Object.entries(ENDED).map(([fate, cell]) => [cell, fate as Fate]));

const rootGraph = (turn: Turn): CompiledGraph | undefined => turn.flow(null, 'flow')?.graph;

const idIn = (turn: Turn, position: number): string => turn.flow(null, 'flow')?.nodeIds[position] as string;

const idAt = (turn: Turn, { owner, section }: Scope, position: number): string => turn.flow(owner, section)?.nodeIds[position] as string;

const isOpen = (cell: string | undefined): boolean => cell === WAITS || cell === READY || cell === PASSED || cell === OPEN;

const written = (cells: string, position: number, cell: string): string => cells.slice(0, position) + cell + cells.slice(position + 1);

function graphOf(turn: Turn, { owner, section }: Scope): CompiledGraph {
  const graph = turn.flow(owner, section)?.graph;
  if (!graph) throw new Error(`The ${section} of ${owner ?? turn.process.name} is no dag.`);
  return graph;
}
