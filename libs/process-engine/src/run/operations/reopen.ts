import type { TaskOperation } from '../event.js';
import { enqueue, startClock } from '../events/start.js';
import { type Mutable, ROOT, type Scope } from '../document.js';
import { enterSection, isEmpty, PHASE_OF } from '../phases.js';
import type { Turn } from '../turn.js';
import { carryOutOnTask } from './carry-out.js';

/**
 * Opens a run that has ended in FAILURE again, at the node that failed it: one generation more, a new clock. When the teardown has run,
 * the setup runs again before the token comes back to the node; teardown and callbacks come again at the end.
 */
export function reopen(turn: Turn, operation: TaskOperation, actor: string): void {
  const { ended, run } = turn;
  if (!ended?.raised) throw new Error(`The run ${turn.constants.header.id} cannot be opened again.`);
  const { raised, ...root } = ended;
  turn.ended = undefined;
  run.generation += 1;
  run.error = null;
  run.finishedAt = null;
  turn.openScope({ ...root, section: raised.section, reopened: { ...raised, operation, actor } });
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
    if (section === 'flow') root.entry = execution.nodeId;
    return enterSection(turn, ROOT, 'setup');
  }
  run.phase = PHASE_OF[section === 'setup' ? 'setup' : 'flow'];
  turn.tellRun();
  goOnReopened(turn, root);
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
  scope.current = execution.id;
  carryOutOnTask(turn, execution, reopened.operation, reopened.actor);
}
