import type { Failure } from '@orderlines/contracts';
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

/** How a node of a dag ended, as the nodes that need it see it. */
export type Fate = 'done' | 'skipped' | 'raised';

const ENDED: { readonly [F in Fate]: string } = { done: DONE, skipped: SKIPPED, raised: RAISED };

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
    const cell = AFTER[trigger](fate, () => needs.some((needed) => isOpen(cells[needed])));
    if (cell !== WAITS) cells = written(cells, position, cell);
  }
  const first = graph.failure ?? (fate === 'raised' ? failure : undefined);
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
  return { end: failure ? { status: 'FAILURE', failure } : { status: 'SUCCESS' } };
}

/** Looks again right after this node, so that a long row of ready nodes is cut by the limit of a transition. */
function entered(turn: Turn, scope: Mutable<Scope>, position: number): { readonly node: string } {
  const { nodes, open, ...graph } = scope.graph as Graph;
  scope.graph = { ...graph, nodes: written(nodes, position, OPEN), open: open + 1 };
  turn.work.push({ do: 'move', scope: scope.id });
  return { node: turn.flow(scope.owner, scope.section)?.nodeIds[position] as string };
}

/**
 * What a waiting node becomes when one of its needs has ended. What a single ending decides is decided at once, so a node that still
 * waits when nothing it needs is open has met none of that.
 */
const AFTER: { readonly [T in Trigger]: (fate: Fate, waits: () => boolean) => string } = {
  all_success: (fate, waits) => (fate !== 'done' ? PASSED : waits() ? WAITS : READY),
  none_failed: (fate, waits) => (fate === 'raised' ? PASSED : waits() ? WAITS : READY),
  one_success: (fate, waits) => (fate === 'done' ? READY : waits() ? WAITS : PASSED),
  all_done: (_fate, waits) => (waits() ? WAITS : READY),
};

const isOpen = (cell: string | undefined): boolean => cell === WAITS || cell === READY || cell === PASSED || cell === OPEN;

const written = (cells: string, position: number, cell: string): string => cells.slice(0, position) + cell + cells.slice(position + 1);

function graphOf(turn: Turn, { owner, section }: Scope): CompiledGraph {
  const graph = turn.flow(owner, section)?.graph;
  if (!graph) throw new Error(`The ${section} of ${owner ?? turn.process.name} is no dag.`);
  return graph;
}
