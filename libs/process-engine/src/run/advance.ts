import type { CompiledProcess } from '../definition/compiled.js';
import type { AdvanceContext } from './context.js';
import { resumeClocks, settleClocks } from './debug/clocks.js';
import type { RunEvent } from './event.js';
import { applyEvent } from './events/index.js';
import { newRun } from './events/start.js';
import { workOff } from './flow.js';
import type { Run } from './state.js';
import { type RunConstants, type Transition } from './transition.js';
import { Turn } from './turn.js';

/** The engine: pure, total, the only place where a run changes. `run` is null for `start` only; it stays as it was, unless the context lets it be taken over. */
export type Advance = (
  process: CompiledProcess,
  constants: RunConstants,
  run: Run | null,
  event: RunEvent,
  context: AdvanceContext,
) => Transition;

/** The engine. Throws {@link RowsNeeded} when results must be loaded first; anything else thrown is a fault of the engine itself. */
export const advance: Advance = (process, constants, run, event, context) => {
  if (!run && event.kind !== 'start') throw new Error(`The run ${constants.header.id} has not been started, it cannot take ${event.kind}.`);
  const turn = new Turn(process, constants, run ?? newRun(process, context), context);
  if (turn.debug) resumeClocks(turn);
  if (run && event.kind === 'start') turn.changed = false;
  else applyEvent(turn, event);
  workOff(turn);
  if (turn.debug) settleClocks(turn);
  return turn.finish();
};
