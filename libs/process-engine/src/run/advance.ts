import type { JsonObject } from '@orderlines/contracts';
import type { CompiledProcess } from '../definition/compiled.js';
import type { Changes } from './changes.js';
import type { AdvanceContext } from './context.js';
import type { RunEvent, RunHeader } from './event.js';
import type { Run } from './state.js';

/** What never changes in a run and is given to every transition. */
export interface RunConstants {
  readonly header: RunHeader;
  readonly params: JsonObject;
}

/** The next state of a run and what must be written and carried out for it. */
export interface Transition {
  readonly run: Run;
  readonly changes: Changes;
  /** False: the event was fenced off or repeated; nothing to write (the answer may still be there). */
  readonly changed: boolean;
}

/** The engine: pure, total, the only place where a run changes. `run` is null for `start` only; it is never mutated. */
export type Advance = (
  process: CompiledProcess,
  constants: RunConstants,
  run: Run | null,
  event: RunEvent,
  context: AdvanceContext,
) => Transition;
