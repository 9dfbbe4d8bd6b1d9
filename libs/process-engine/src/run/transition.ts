import type { JsonObject } from '@orderlines/contracts';
import type { Changes } from './changes.js';
import type { RunHeader } from './event.js';
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
