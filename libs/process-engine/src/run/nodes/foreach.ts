import type { Json } from '@orderlines/contracts';
import type { CompiledForeach } from '../../definition/compiled.js';
import { markRunning } from '../attempts.js';
import type { Ending, Execution, ItemLanes, Lanes, Mutable, Scope } from '../document.js';
import { evaluate } from '../expressions.js';
import { elementsOf, inputOf, itemsAhead, itemsOf, keptItem } from '../items.js';
import { pathIn, pathOf } from '../paths.js';
import { openBranch } from '../phases.js';
import { setDeadline } from '../policy/timeouts.js';
import { fail, succeed } from '../settle.js';
import type { Turn } from '../turn.js';
import type { NodeBehaviour } from './behaviour.js';
import { countLane, decideLanes, endAsCancelled, newLanes, roomFor } from './lanes.js';

/** Runs its flow for every item, as many at once as `concurrency` lets, until all are done or too many have failed. */
export const foreach: NodeBehaviour<CompiledForeach> = {
  begin(turn, node, execution) {
    const items = elementsOf(turn, node, evaluate(turn, execution.scope, node.items));
    setDeadline(turn, node, execution);
    markRunning(turn, execution);
    turn.detail(execution.id, { input: inputOf(items) });
    turn.tell(execution, pathOf(turn, execution));
    const tolerated = 'count' in node.maxFailures ? node.maxFailures.count : Math.floor(items.length * node.maxFailures.share);
    execution.lanes = { ...newLanes(turn, items.length), items: { total: items.length, tolerated, ahead: [] } };
    if (items.length === 0) succeed(turn, execution, {});
    else startItems(turn, node, execution);
  },

  laneEnded(turn, node, execution, scope, ending) {
    record(turn, node, execution, scope, ending);
    execution.lanes = countLane(execution, ending);
    const { failed, decided, items } = execution.lanes as Lanes & { items: ItemLanes };
    if (!execution.cancelled && !decided) {
      if (failed > items.tolerated) decideLanes(turn, execution, 'missed', `Too many items of ${node.id} failed.`);
      else startItems(turn, node, execution);
    }
    if (execution.lanes.running === 0 && !endAsCancelled(turn, execution)) conclude(turn, node, execution);
  },
};

function startItems(turn: Turn, node: CompiledForeach, execution: Mutable<Execution>): void {
  const { items, ...lanes } = execution.lanes as Lanes & { items: ItemLanes };
  const room = roomFor(lanes, items.total, node.concurrency);
  const path = pathIn(turn.scope(execution.scope), node.id);
  let { ahead } = items;
  for (let index = lanes.started; index < lanes.started + room; index++) {
    const [next, ...rest] = ahead.length > 0 ? ahead : fetched(turn, execution.id, index);
    ahead = rest;
    openBranch(turn, {
      id: lanes.first + index,
      parent: execution.scope,
      container: execution.id,
      owner: node.id,
      path: `${path}[${index}]`,
      section: 'flow',
      index,
      startedAt: turn.now,
      ...keptItem(next ?? null),
    });
  }
  execution.lanes = { ...lanes, started: lanes.started + room, running: lanes.running + room, items: { ...items, ahead } };
}

/** The item and some after it, which the state then holds ready. */
function fetched(turn: Turn, foreach: string, index: number): readonly [Json, ...Json[]] {
  const items = itemsOf(turn, foreach);
  return [items[index] ?? null, ...itemsAhead(items, index + 1)];
}

/** An item has no row of its own while it runs; the row of its end holds what the foreach's result shows of it. */
function record(turn: Turn, node: CompiledForeach, execution: Execution, scope: Scope, ending: Ending): void {
  const { now } = turn;
  const failure = ending.status === 'SUCCESS' ? undefined : ending.failure;
  const createdAt = scope.startedAt ?? now;
  const item = turn.createExecution(
    {
      id: turn.context.newId(),
      nodeId: node.id,
      scope: scope.id,
      status: ending.status,
      attempt: execution.attempt,
      dispatch: 1,
      startedAt: createdAt,
      failed: ending.status === 'FAILURE',
      ...(failure && { reason: failure.reason }),
    },
    {
      nodeId: node.id,
      kind: 'item',
      type: 'item',
      uses: null,
      path: scope.path,
      scope: scope.id,
      parentId: execution.id,
      visit: 1,
      index: scope.index ?? null,
      queue: null,
      workspace: null,
      createdAt,
    },
    { result: (ending.status === 'SUCCESS' && ending.outputs) || null, error: failure ?? null, finishedAt: now },
  );
  turn.tell(item, scope.path, failure);
  turn.removeExecution(item.id);
}

function conclude(turn: Turn, node: CompiledForeach, execution: Mutable<Execution>): void {
  const { failed, failure, items } = execution.lanes as Lanes & { items: ItemLanes };
  if (failed <= items.tolerated || !failure) return succeed(turn, execution, {});
  const tolerated = `${failed} of ${items.total} items of ${node.id} failed, ${items.tolerated} may. The first: `;
  fail(turn, execution, items.tolerated === 0 ? failure : { ...failure, message: tolerated + failure.message });
}
