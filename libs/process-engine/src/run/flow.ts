import type { SkipReason } from '@orderlines/contracts';
import type { CompiledNode } from '../definition/compiled.js';
import { type Execution, type Mutable, type Scope } from './document.js';
import { stopBefore, stopsAt } from './debug/stops.js';
import { evaluateCondition } from './expressions.js';
import { nextInGraph } from './graph.js';
import { itemIndex } from './items.js';
import { MAX_STEPS } from './limits.js';
import { attempted, NodeFailed } from './node-failed.js';
import { behaviourOf } from './nodes/index.js';
import { goOnReopened, isReopened } from './operations/reopen.js';
import { pathIn } from './paths.js';
import { endSection } from './phases.js';
import { countVisit, tooManyVisits } from './policy/visits.js';
import { workspaceScope } from './queueing.js';
import { fail, giveUp, skip } from './settle.js';
import type { Turn, Work } from './turn.js';

/** Does everything that can be done now. What is more than one transition's share is left to an immediate timer. */
export function workOff(turn: Turn): void {
  let steps = 0;
  for (let next = 0; next < turn.work.length; next++) {
    const work = turn.work[next] as Work;
    if (work.do === 'move' && ++steps > MAX_STEPS) continue;
    perform(turn, work);
  }
  turn.work.length = 0;
  if (steps > MAX_STEPS) turn.timers.set({ kind: 'continue', dueAt: turn.now });
}

function perform(turn: Turn, work: Work): void {
  if (work.do === 'move') return move(turn, work.scope);
  if (!turn.findExecution(work.execution)) return;
  const execution = turn.execution(work.execution);
  if (work.do === 'begin') return begin(turn, execution);
  const node = turn.node(execution.nodeId);
  if (work.do === 'wake') behaviourOf(node).wake?.(turn, node, execution);
  else behaviourOf(node).laneEnded?.(turn, node, execution, work.scope, work.ending);
}

function move(turn: Turn, scopeId: number): void {
  const scope = turn.findScope(scopeId);
  if (!scope || turn.paused) return;
  const due = scope.graph ? nextInGraph(turn, scopeId) : scope.due;
  if (!due) return;
  if ('end' in due) endSection(turn, scopeId, due.end);
  else enter(turn, turn.scope(scopeId), due.node, due.skip);
}

function enter(turn: Turn, scope: Mutable<Scope>, nodeId: string, skipped?: SkipReason): void {
  if (isReopened(scope, nodeId)) return enterReopened(turn, scope);
  const node = turn.node(nodeId);
  const visit = countVisit(turn, scope.id, node);
  const execution = create(turn, scope, nodeId, visit);
  delete scope.due;
  if (!scope.graph) scope.current = execution.id;
  const policy = tooManyVisits(turn, node, visit);
  if (policy) return giveUp(turn, execution, policy);
  const reason = attempted(() => skipped ?? reasonToSkip(turn, scope, node));
  if ('failure' in reason) return fail(turn, execution, reason.failure);
  if (reason.value) return skip(turn, execution, reason.value);
  if (turn.debug && stopsAt(turn, scope, node)) return stopBefore(turn, execution);
  begin(turn, execution);
}

function enterReopened(turn: Turn, scope: Mutable<Scope>): void {
  const id = scope.reopened?.execution.id;
  const gone = attempted(() => goOnReopened(turn, scope));
  if ('failure' in gone && id !== undefined) fail(turn, turn.execution(id), gone.failure);
}

function reasonToSkip(turn: Turn, scope: Scope, { id, flow, disabled }: CompiledNode): SkipReason | undefined {
  if (disabled !== undefined && evaluateCondition(turn, scope.id, disabled, `disabled of ${id}`)) return 'disabled';
  const graph = turn.process.flows.get(flow)?.graph;
  const when = graph?.nodes[graph.positions.get(id) as number]?.when;
  return when === undefined || evaluateCondition(turn, scope.id, when, `when of ${id}`) ? undefined : 'condition';
}

function create(turn: Turn, scope: Scope, nodeId: string, visit: number): Mutable<Execution> {
  const node = turn.node(nodeId);
  const { now, context } = turn;
  const task = node.type === 'task' ? node : undefined;
  return turn.createExecution(
    {
      id: context.newId(),
      nodeId,
      scope: scope.id,
      status: 'RUNNING',
      attempt: 1,
      dispatch: 1,
      startedAt: now,
      ...(visit > 1 && { visit }),
    },
    {
      nodeId,
      kind: 'node',
      type: node.type,
      uses: task?.uses ?? null,
      path: pathIn(scope, nodeId),
      scope: scope.id,
      parentId: scope.container ?? null,
      visit,
      index: itemIndex(turn, scope),
      queue: task?.queue ?? null,
      workspace: (task && workspaceScope(turn, scope.id)?.workspace.folder) ?? null,
      createdAt: now,
    },
    // Its own limit replaces this one as soon as it is resolved.
    task ? { timeoutMs: context.settings.taskTimeoutMs } : {},
  );
}

function begin(turn: Turn, execution: Mutable<Execution>): void {
  const node = turn.node(execution.nodeId);
  try {
    behaviourOf(node).begin(turn, node, execution);
  } catch (error) {
    if (!(error instanceof NodeFailed)) throw error;
    fail(turn, execution, error.failure);
  }
}
