import { RowsNeeded, type StoredTask } from '../context.js';
import { type Execution, type Graph, ROOT } from '../document.js';
import type { TaskOperation } from '../event.js';
import { hasRaised } from '../graph.js';
import { pathOf } from '../paths.js';
import type { Turn } from '../turn.js';
import { accept, carriedOut, insteadOf, refuse } from './answers.js';
import { carryOutOnTask } from './carry-out.js';
import { allowedOnTask, TASK_RULES, type TaskStanding, taskStanding } from './matrix.js';
import { reopen } from './reopen.js';

/** What an operation on a task instance finds. */
interface Target {
  readonly nodeId: string;
  readonly path: string;
  readonly attempt: number;
  readonly standing: TaskStanding;
  readonly isCallback: boolean;
  /** The execution as it goes on, when its failure ended the run or is one of those that will. */
  readonly raised?: Execution;
}

/** An operation on a task instance. It must be one of the run. */
export function operateOnTask(turn: Turn, operation: TaskOperation, actor: string): void {
  const { name, attempt } = operation;
  const { nodeId, path, standing, isCallback, ...target } = find(turn, operation.taskInstanceId);
  const allowed = isCallback ? [] : allowedOnTask(standing, turn.node(nodeId).type);
  if (standing === 'STOPPING' && (name === 'stop' || name === 'fail')) {
    turn.changed = false;
    return accept(turn);
  }
  if (!allowed.includes(name)) {
    const message = `${path} is ${standing}: ${name} needs ${isCallback ? 'a node, this is a callback' : TASK_RULES[name].needs}.`;
    return refuse(turn, message + insteadOf(allowed), allowed);
  }
  if (attempt !== target.attempt) {
    return refuse(turn, `Attempt ${attempt} of ${path} is over, it is in attempt ${target.attempt} now. Look at it again.`, allowed);
  }
  carriedOut(turn, allowed, () => {
    turn.facts.push({ type: 'operation', name, actor, detail: { taskInstanceId: operation.taskInstanceId, path, attempt } });
    if (target.raised) reopen(turn, target.raised, operation, actor);
    else carryOutOnTask(turn, turn.execution(operation.taskInstanceId), operation, actor);
  });
}

function find(turn: Turn, id: string): Target {
  const known = turn.findExecution(id);
  const raised = turn.ended?.raised?.execution;
  const execution = known ?? (raised?.id === id ? raised : undefined);
  if (!execution) return ofRow(turn, id);
  const { nodeId, attempt, status, waitsFor, cancelled, callback } = execution;
  const type = callback ? 'task' : turn.node(nodeId).type;
  const standing = taskStanding({ status, type, waitsFor: waitsFor?.kind, isEnding: cancelled !== undefined, hasRaised: !known });
  return {
    ...{ nodeId, path: pathOf(turn, execution), attempt, standing, isCallback: callback !== undefined },
    ...(!known && { raised: execution }),
  };
}

/** One that has ended: its row says how. */
function ofRow(turn: Turn, id: string): Target {
  const row = turn.context.task(id);
  if (!row) throw new RowsNeeded([id], []);
  const { nodeId, attempt, status } = row;
  const isCallback = !turn.process.nodes.has(nodeId);
  if (isRaisedInDag(turn, row)) return { nodeId, path: nodeId, attempt, standing: 'RAISED', isCallback, raised: revived(row) };
  return { nodeId, path: nodeId, attempt, standing: status, isCallback };
}

/** It is among the failed nodes of a dag that is the root: of one that has ended so, or that still runs. */
function isRaisedInDag(turn: Turn, { nodeId, parentId, status }: StoredTask): boolean {
  const graph = turn.ended?.halted ?? runningDag(turn);
  return graph !== undefined && parentId === null && status === 'FAILURE' && hasRaised(turn, graph, nodeId);
}

const runningDag = (turn: Turn): Graph | undefined => {
  const root = turn.findScope(ROOT);
  return root?.closing ? undefined : root?.graph;
};

/** The execution of a failed node, from what its row keeps. */
const revived = ({ id, nodeId, scope, attempt, dispatch, visit, error }: StoredTask): Execution => ({
  ...{ id, nodeId, scope, status: 'FAILURE', attempt, dispatch, failed: true },
  ...(visit > 1 && { visit }),
  ...(error && { reason: error.reason }),
});
