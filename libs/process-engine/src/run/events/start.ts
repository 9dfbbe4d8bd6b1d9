import type { CompiledProcess } from '../../definition/compiled.js';
import type { StartEvent } from '../event.js';
import type { AdvanceContext } from '../context.js';
import { ROOT, type RunDocument, type Scope } from '../document.js';
import { attempted } from '../node-failed.js';
import { finishRun, openWithSetup } from '../phases.js';
import { evaluateLimit } from '../policy/durations.js';
import { slotOf } from '../slots.js';
import { type Run, RUN_STATE_FORMAT, type Slot } from '../state.js';
import type { Turn } from '../turn.js';
import { timestamp } from '../waiting.js';
import { takeOver } from './take-over.js';

/** A run that has not begun. */
export function newRun(process: CompiledProcess, context: AdvanceContext): Run {
  const state: RunDocument = { format: RUN_STATE_FORMAT, nextScope: ROOT + 1, scopes: {}, executions: {}, timers: {} };
  return {
    status: 'RUNNING',
    phase: 'body',
    generation: 1,
    variables: Object.fromEntries(process.variables.map(({ name, value }) => [name, value])),
    outputs: null,
    error: null,
    startedAt: context.now,
    finishedAt: null,
    deadlineAt: null,
    waitsFor: null,
    slot: null,
    state,
  };
}

/** Opens the root scope; the run's clock starts. */
export function start(turn: Turn, { run: header, config, debug, rerun }: StartEvent): void {
  const { process } = turn;
  if (config) turn.config = config;
  if (debug) turn.debug = { breakpoints: {} };
  const root = {
    id: ROOT,
    owner: null,
    path: '',
    ...(debug === 'all' && { stepping: true }),
    ...(process.workspace && { workspace: { folder: header.id } }),
  };
  const { concurrency } = process;
  if (concurrency === undefined) {
    begin(turn, { ...root, ...(rerun && takeOver(turn, rerun)) });
    if (rerun && turn.run.phase !== 'done') leaveRest(turn);
    return;
  }
  turn.openScope({ ...root, section: 'flow' });
  const slot = attempted(() => slotOf(turn, concurrency));
  if ('failure' in slot) return finishRun(turn, { status: 'FAILURE', failure: slot.failure });
  if (rerun) turn.openScope({ ...turn.scope(ROOT), ...takeOver(turn, rerun) });
  enqueue(turn, slot.value);
}

/** The run goes on: its clock starts, and its first node. */
export function begin(turn: Turn, root: Omit<Scope, 'section'>): void {
  turn.openScope({ ...root, section: 'flow' });
  const clock = attempted(() => startClock(turn));
  if ('value' in clock) openWithSetup(turn, root);
  else finishRun(turn, { status: 'FAILURE', failure: clock.failure });
}

/** The run waits for a slot under its key. */
export function enqueue(turn: Turn, slot: Slot): void {
  const { run } = turn;
  run.status = 'PENDING';
  run.phase = 'queued';
  run.startedAt = null;
  run.slot = slot;
  run.waitsFor = { kind: 'slot', since: timestamp(turn.now), key: slot.key };
  turn.tellRun();
}

/** What was taken over may have to be loaded for the first node: it begins in the next transition, at once. */
function leaveRest(turn: Turn): void {
  turn.work.length = 0;
  turn.timers.set({ kind: 'continue', dueAt: turn.now });
}

/** Starts the run's clock. Throws NodeFailed when its time-out cannot be evaluated. */
export function startClock(turn: Turn): void {
  const { timeout } = turn.process;
  const limit = timeout ? evaluateLimit(turn, ROOT, timeout, 'The process timeout') : turn.context.settings.processTimeoutMs;
  turn.run.deadlineAt = turn.now + limit;
}
