import type { TaskOperation } from '../event.js';
import { enqueue, startClock } from '../events/start.js';
import { type Execution, type Graph, type Mutable, own, ROOT, type Scope } from '../document.js';
import { opened, openNode } from '../graph.js';
import { enterSection, isEmpty, PHASE_OF } from '../phases.js';
import type { Turn } from '../turn.js';
import { carryOutOnTask } from './carry-out.js';

/**
 * Goes on at a node that failed a run which has ended in FAILURE: one generation more, a new clock. When the teardown has run, the setup
 * runs again before the token comes back to the node; teardown and callbacks come again at the end. A dag that still runs takes the node
 * back at once.
 */
export function reopen(turn: Turn, execution: Execution, operation: TaskOperation, actor: string): void {
  const { ended, run } = turn;
  if (!ended) return goOnInDag(turn, execution, operation, actor);
  const { raised, ...root } = ended;
  const section = raised?.section ?? 'flow';
  turn.ended = undefined;
  run.generation += 1;
  run.error = null;
  run.finishedAt = null;
  turn.openScope({ ...root, section, reopened: { section, execution, operation, actor } });
  if (root.halted && section === 'flow') makeReady(turn, execution.nodeId, 'halted');
  if (run.slot) enqueue(turn, run.slot);
  else beginReopened(turn);
}

/** The run goes on, once it has its slot: with its setup, or with the node at once. */
export function beginReopened(turn: Turn): void {
  const { run } = turn;
  const root = turn.scope(ROOT);
  if (!root.reopened) return;
  run.status = 'RUNNING';
  startClock(turn);
  const { section, execution } = root.reopened;
  const isTornDown = !isEmpty(turn, null, 'teardown') && !isEmpty(turn, null, 'setup');
  if (isTornDown) {
    if (section === 'flow' && !root.halted) root.entry = execution.nodeId;
    return enterSection(turn, ROOT, 'setup');
  }
  run.phase = PHASE_OF[section === 'setup' ? 'setup' : 'flow'];
  turn.tellRun();
  if (root.halted && section === 'flow') {
    root.graph = root.halted;
    delete root.halted;
    openNode(turn, ROOT, execution.nodeId);
  }
  goOnReopened(turn, root);
}

/** A node that failed in the dag of a run which still goes on is among its open nodes again. */
function goOnInDag(turn: Turn, execution: Execution, operation: TaskOperation, actor: string): void {
  makeReady(turn, execution.nodeId, 'graph');
  openNode(turn, ROOT, execution.nodeId);
  carryOutOnTask(turn, turn.reviveExecution(execution), operation, actor);
}

/** Takes back how a node of the root's dag ended; nodes that depend on it are going to be visited again. */
function makeReady(turn: Turn, nodeId: string, where: 'graph' | 'halted'): void {
  const root = turn.scope(ROOT);
  const { graph, again } = opened(turn, root[where] as Graph, nodeId, where === 'halted');
  root[where] = graph;
  const visits = Object.fromEntries(again.map((id) => [id, own(root.visits, id) ?? 1]));
  if (again.length > 0) root.visits = { ...root.visits, ...visits };
}

/** True when the token has come back to the node the run was opened again for. */
export const isReopened = ({ reopened, section }: Scope, nodeId: string): boolean =>
  reopened?.execution.nodeId === nodeId && reopened.section === section;

/** Goes on with that node, as the operator said. Throws NodeFailed for values that do not fit. */
export function goOnReopened(turn: Turn, scope: Mutable<Scope>): void {
  const { reopened } = scope;
  if (!reopened) return;
  delete scope.reopened;
  delete scope.due;
  const execution = turn.reviveExecution(reopened.execution);
  if (!scope.graph) scope.current = execution.id;
  carryOutOnTask(turn, execution, reopened.operation, reopened.actor);
}
