import type { CompiledParallel } from '../../definition/compiled.js';
import { markRunning } from '../attempts.js';
import type { Execution, Lanes, Mutable } from '../document.js';
import { attempted } from '../node-failed.js';
import { evaluateOutputs } from '../outputs.js';
import { pathIn, pathOf } from '../paths.js';
import { openBranch } from '../phases.js';
import { setDeadline } from '../policy/timeouts.js';
import { fail, succeed } from '../settle.js';
import type { Turn } from '../turn.js';
import type { NodeBehaviour } from './behaviour.js';
import { countLane, decideLanes, endAsCancelled, newLanes, roomFor } from './lanes.js';

/** Runs its branches at once, as many as `maxConcurrency` lets, until its join is met or can no longer be. */
export const parallel: NodeBehaviour<CompiledParallel> = {
  begin(turn, node, execution) {
    setDeadline(turn, node, execution);
    markRunning(turn, execution);
    turn.tell(execution, pathOf(turn, execution));
    execution.lanes = newLanes(turn, node.branches.length);
    if (needed(node) === 0) complete(turn, node, execution);
    else startLanes(turn, node, execution, execution.lanes);
  },

  laneEnded(turn, node, execution, _scope, ending) {
    execution.lanes = countLane(execution, ending);
    if (!execution.cancelled && !execution.lanes.decided) decide(turn, node, execution, execution.lanes);
    if (execution.lanes.running === 0) conclude(turn, node, execution, execution.lanes);
  },
};

/** Branches that must succeed. */
const needed = (node: CompiledParallel): number => (node.join === 'all' ? node.branches.length : node.join === 'any' ? 1 : node.join);

function decide(turn: Turn, node: CompiledParallel, execution: Mutable<Execution>, lanes: Lanes): void {
  if (lanes.succeeded >= needed(node)) return decideLanes(turn, execution, 'met', `The join of ${node.id} was met without it.`);
  const missed = node.branches.length - lanes.failed < needed(node);
  if (missed && node.failFast) decideLanes(turn, execution, 'missed', `Another branch of ${node.id} failed.`);
  else startLanes(turn, node, execution, lanes);
}

function startLanes(turn: Turn, node: CompiledParallel, execution: Mutable<Execution>, lanes: Lanes): void {
  const room = roomFor(lanes, node.branches.length, node.maxConcurrency);
  const path = pathIn(turn.scope(execution.scope), node.id);
  for (let lane = lanes.started; lane < lanes.started + room; lane++) {
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
  execution.lanes = { ...lanes, started: lanes.started + room, running: lanes.running + room };
}

function conclude(turn: Turn, node: CompiledParallel, execution: Mutable<Execution>, lanes: Lanes): void {
  if (endAsCancelled(turn, execution)) return;
  if (lanes.succeeded >= needed(node)) return complete(turn, node, execution);
  const message = `Only ${lanes.succeeded} of ${needed(node)} branches of ${node.id} succeeded.`;
  fail(turn, execution, lanes.failure ?? { reason: 'policy', message });
}

/** Its `outputs` are evaluated around it: what its branches did is readable there. */
function complete(turn: Turn, { outputs }: CompiledParallel, execution: Mutable<Execution>): void {
  if (!outputs) return succeed(turn, execution, {});
  const result = attempted(() => evaluateOutputs(turn, execution.scope, outputs));
  if ('failure' in result) fail(turn, execution, result.failure);
  else succeed(turn, execution, { result: result.value });
}
