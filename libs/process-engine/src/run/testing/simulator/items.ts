import type { DebugStops, Json } from '@orderlines/contracts';
import type { ClaimAnswer, OperationAnswer, Rerun, RunEvent } from '../../event.js';
import type { CompiledProcess } from '../../../definition/compiled.js';

/** What a worker or executor says when it speaks of one attempt. */
export interface AttemptName {
  readonly runId: string;
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
}

/** What a batch takes in. */
export type Item = EventItem | StartItem | LinkItem | SignalItem | SlotItem;

interface Settled {
  /** Called when it is known what became of it; never, when its executor dies. */
  readonly settle: (outcome: Outcome) => void;
}

/** Something that happened to a run. */
export interface EventItem extends Settled {
  readonly kind: 'event';
  readonly runId: string;
  readonly event: RunEvent;
  /** Operation id of who asks: asked again, it is answered the same and not done again. */
  readonly key?: string;
}

/** A person starts a run. */
export interface StartItem extends Settled {
  readonly kind: 'start';
  readonly runId: string;
  readonly process: CompiledProcess;
  readonly name: string;
  readonly key: string;
  /** Present: the run is debugged. */
  readonly debug?: DebugStops;
  /** What it takes over of an earlier run. */
  readonly rerun?: Rerun;
}

/** A run and the one that asked for it are to be looked at. */
export interface LinkItem extends Settled {
  readonly kind: 'link';
  readonly runId: string;
  readonly parentId: string;
  readonly taskInstanceId: string;
}

/** A signal was sent. */
export interface SignalItem extends Settled {
  readonly kind: 'signal';
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly payload: Json;
}

/** It is to be decided, under the lock of its key, what becomes of a run for the sake of that. */
export interface SlotItem extends Settled {
  readonly kind: 'slot';
  readonly runId: string;
}

/** What became of an item. */
export type Outcome =
  | { readonly kind: 'done'; readonly answer: ClaimAnswer | OperationAnswer | null }
  /** The run does not exist (any more, or yet). */
  | { readonly kind: 'missing' }
  /** The batch was not committed: try again. */
  | { readonly kind: 'unavailable' };

/** A message in TASKS. */
export interface TaskMessage extends AttemptName {
  /** Only this worker may take it. */
  readonly worker: string | null;
}

/** A message in RUNS. */
export type RunsMessage =
  | { readonly kind: 'finished'; readonly runId: string; readonly event: Extract<RunEvent, { kind: 'finished' }>; readonly worker: string }
  | { readonly kind: 'link'; readonly runId: string; readonly parentId: string; readonly taskInstanceId: string }
  | { readonly kind: 'slot'; readonly runId: string };
