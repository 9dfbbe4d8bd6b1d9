import { closeRun } from '../close.js';
import { type BadEnding, ROOT } from '../document.js';
import type { SlotEvent } from '../event.js';
import { attempted } from '../node-failed.js';
import { beginReopened } from '../operations/reopen.js';
import { finishRun } from '../phases.js';
import { fail } from '../settle.js';
import type { Turn } from '../turn.js';
import { begin } from './start.js';

/** A queued run gets its slot or is ended without one; a run that has begun is stopped for another one, with its teardown. */
export function slot(turn: Turn, { verdict }: SlotEvent): void {
  const { run } = turn;
  const isQueued = run.phase === 'queued';
  if (verdict.what === 'granted') {
    turn.changed = isQueued;
    if (isQueued) enter(turn);
    return;
  }
  if (verdict.what === 'circle') return showCircle(turn, verdict.runs);
  const ending: BadEnding = { status: verdict.status, failure: verdict.failure };
  if (isQueued) return leaveQueue(turn, ending);
  const goesOn = run.phase === 'setup' || run.phase === 'body';
  turn.changed = goesOn && !turn.scope(ROOT).closing;
  if (turn.changed) closeRun(turn, ending);
}

/** Ends a run that has not begun: there is nothing to tear down. */
export function leaveQueue(turn: Turn, ending: BadEnding): void {
  turn.run.waitsFor = null;
  finishRun(turn, ending);
}

function enter(turn: Turn): void {
  const { run } = turn;
  run.status = 'RUNNING';
  run.startedAt = turn.now;
  run.waitsFor = null;
  if (turn.scope(ROOT).reopened) return enterReopened(turn);
  const { section: _, ...root } = turn.scope(ROOT);
  begin(turn, root);
}

/** Says in the run's row that it waits for runs which wait for it. */
function showCircle(turn: Turn, runs: readonly string[]): void {
  const { waitsFor } = turn.run;
  turn.changed = waitsFor?.kind === 'slot' && (waitsFor.circle ?? []).join() !== runs.join();
  if (!turn.changed || waitsFor?.kind !== 'slot') return;
  const { circle: _, ...waiting } = waitsFor;
  turn.run.waitsFor = runs.length === 0 ? waiting : { ...waiting, circle: [...runs] };
}

/** A run that was opened again goes on; a value that does not fit its node fails the node. */
function enterReopened(turn: Turn): void {
  const id = turn.scope(ROOT).reopened?.execution.id;
  const gone = attempted(() => beginReopened(turn));
  if (!('failure' in gone)) return;
  if (id === undefined || !turn.findExecution(id)) finishRun(turn, { status: 'FAILURE', failure: gone.failure });
  else fail(turn, turn.execution(id), gone.failure);
}
