import type { Failure } from '@orderlines/contracts';
import type { CompiledParallel } from '../../definition/compiled.js';
import { closeScope } from '../close.js';
import type { Ending, Execution, Lanes, Mutable } from '../document.js';
import { pathIn, pathOf } from '../paths.js';
import { openBranch } from '../phases.js';
import { markRunning } from '../attempts.js';
import { setDeadline } from '../policy/timeouts.js';
import { fail, stop, succeed } from '../settle.js';
import type { Turn } from '../turn.js';
import type { NodeBehaviour } from './behaviour.js';

/** Runs its branches at once, as many as `maxConcurrency` lets, until its join is met or can no longer be. */
export const parallel: NodeBehaviour<CompiledParallel> = {
  begin(turn, node, execution) {
    setDeadline(turn, node, execution);
    markRunning(turn, execution);
    turn.tell(execution, pathOf(turn, execution));
    execution.lanes = { first: turn.reserveScopes(node.branches.length), started: 0, running: 0, succeeded: 0, failed: 0 };
    if (needed(node) === 0) succeed(turn, execution, {});
    else startLanes(turn, node, execution, execution.lanes);
  },

  laneEnded(turn, node, execution, _scope, ending) {
    const lanes = counted(execution.lanes as Lanes, ending);
    execution.lanes = lanes;
    if (!execution.cancelled && !lanes.decided) decide(turn, node, execution, lanes);
    if (execution.lanes.running === 0) conclude(turn, node, execution, execution.lanes);
  },
};

/** Branches that must succeed. */
const needed = (node: CompiledParallel): number => (node.join === 'all' ? node.branches.length : node.join === 'any' ? 1 : node.join);

function counted(lanes: Lanes, ending: Ending): Lanes {
  const running = lanes.running - 1;
  if (ending.status === 'SUCCESS') return { ...lanes, running, succeeded: lanes.succeeded + 1 };
  const failure = lanes.failure ?? ending.failure;
  return ending.status === 'FAILURE' ? { ...lanes, running, failed: lanes.failed + 1, failure } : { ...lanes, running };
}

function decide(turn: Turn, node: CompiledParallel, execution: Mutable<Execution>, lanes: Lanes): void {
  const met = lanes.succeeded >= needed(node);
  const missed = node.branches.length - lanes.failed < needed(node);
  if (!met && !(missed && node.failFast)) return startLanes(turn, node, execution, lanes);
  execution.lanes = { ...lanes, decided: met ? 'met' : 'missed' };
  delete execution.deadlineAt;
  const failure: Failure = {
    reason: 'stopped',
    message: met ? `The join of ${node.id} was met without it.` : `Another branch of ${node.id} failed.`,
  };
  for (const scope of turn.scopesOf(execution.id)) closeScope(turn, scope.id, { status: 'STOP', failure });
}

function startLanes(turn: Turn, node: CompiledParallel, execution: Mutable<Execution>, lanes: Lanes): void {
  const until = Math.min(node.branches.length, lanes.started + Math.max(1, node.maxConcurrency) - lanes.running);
  const path = pathIn(turn.scope(execution.scope), node.id);
  for (let lane = lanes.started; lane < until; lane++) {
    const branch = node.branches[lane] as string;
    openBranch(turn, {
      id: lanes.first + lane,
      parent: execution.scope,
      container: execution.id,
      owner: node.id,
      path: `${path}/${branch}`,
      section: `branches/${branch}`,
    });
  }
  execution.lanes = { ...lanes, started: until, running: lanes.running + until - lanes.started };
}

function conclude(turn: Turn, node: CompiledParallel, execution: Mutable<Execution>, lanes: Lanes): void {
  const ending = execution.cancelled;
  delete execution.cancelled;
  if (ending?.status === 'STOP') return stop(turn, execution, ending.failure);
  if (ending?.status === 'FAILURE') return fail(turn, execution, ending.failure);
  if (lanes.succeeded >= needed(node)) return succeed(turn, execution, {});
  fail(
    turn,
    execution,
    lanes.failure ?? { reason: 'policy', message: `Only ${lanes.succeeded} of ${needed(node)} branches of ${node.id} succeeded.` },
  );
}
