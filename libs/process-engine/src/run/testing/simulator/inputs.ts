import type { Executor } from './executor.js';
import { readClocks, readLeases } from './due.js';
import type { Delivery } from './work-queue.js';
import type { Outcome, RunsMessage } from './items.js';

const LOOK_AT_CLOCKS_MS = 1_000;
const LOOK_AT_LEASES_MS = 5_000;
const PULL_MS = 1_000;
const GIVEN_BACK_MS = 1_000;

/** Starts everything by which events come to an executor besides requests. */
export function startInputs(executor: Executor): void {
  executor.every(PULL_MS, () => pullRuns(executor));
  executor.every(LOOK_AT_CLOCKS_MS, () => readClocks(executor));
  if (executor.world.safeguards.has('lease check')) executor.every(LOOK_AT_LEASES_MS, () => readLeases(executor));
}

/** Takes what lies in RUNS into batches; it is acknowledged after the commit. */
export function pullRuns(executor: Executor): void {
  const { runs } = executor.world;
  for (let delivery = runs.take(); delivery; delivery = runs.take()) receive(executor, delivery);
}

function receive(executor: Executor, delivery: Delivery<RunsMessage>): void {
  const { runs } = executor.world;
  const { payload } = delivery;
  const settle = ({ kind }: Outcome): void =>
    kind === 'unavailable' ? runs.giveBack(delivery, GIVEN_BACK_MS) : runs.acknowledge(delivery);
  if (payload.kind === 'slot') return executor.submit({ kind: 'slot', runId: payload.runId, settle });
  if (payload.kind === 'link') {
    const { runId, parentId, taskInstanceId } = payload;
    return executor.look({ runId, parentId, taskInstanceId }, settle);
  }
  const { runId, event, worker } = payload;
  executor.submit({
    kind: 'event',
    runId,
    event,
    settle: ({ kind }) => {
      if (kind === 'unavailable') return runs.giveBack(delivery, GIVEN_BACK_MS);
      runs.acknowledge(delivery);
      executor.world.confirm(worker, event);
    },
  });
}
