import type { DebugStops, Failure, Json, JsonObject } from '@orderlines/contracts';
import type { AuditEntry, AuditOrigin } from '@orderlines/persistence/postgres';
import type { ClaimAnswer, CompiledProcess, OperationAnswer, Rerun, RunEvent } from '@orderlines/process-engine';
import type { OrderlinesError } from '@orderlines/service-host';
import type { ParkedEvent } from '../store/parked-events.sql.js';
import type { SentSignal } from '../store/signals.sql.js';

/** A published version, ready to run. */
export interface ProcessVersion {
  readonly id: string;
  readonly processId: string;
  readonly namespace: string;
  readonly name: string;
  readonly number: number;
  readonly process: CompiledProcess;
}

/** The execution of a `process` node that asked for a run. */
export interface ParentLink {
  readonly instanceId: string;
  readonly taskInstanceId: string;
  /** True: it waits for the end of the run, and stop and pause go down to it. */
  readonly waits: boolean;
  /** Ids of the parent and of those that started it, the first of all first. */
  readonly ancestors: readonly string[];
}

/** What a run is made of. */
export interface StartRequest {
  readonly version: ProcessVersion;
  /** Checked and converted. */
  readonly params: JsonObject;
  /** Variables of the namespace that the process reads; absent: it reads none. */
  readonly config?: JsonObject;
  readonly startedBy: string;
  readonly origin: string;
  /** Where it stops for a person who debugs it; absent: nowhere. */
  readonly debug?: DebugStops;
  /** Epoch milliseconds; null: now. */
  readonly logicalTime: number | null;
  readonly parent: ParentLink | null;
  /** What it takes over of an earlier run. */
  readonly rerun?: Rerun;
}

/** The operation id of a changing request, and what it must be the same for. */
export interface OperationKey {
  readonly key: string;
  /** SHA-256 of the request, hexadecimal. */
  readonly requestHash: string;
  /** What the audit trail says of it when it is done. */
  readonly audited: AuditedRequest;
}

/** A request as the audit trail has it. */
export interface AuditedRequest {
  readonly entry: AuditEntry;
  readonly origin: AuditOrigin;
}

/** Answer to a start. */
export interface StartAnswer {
  readonly instanceId: string;
  readonly number: number;
  readonly status: string;
  readonly repeated: boolean;
}

/** Answer to a signal: the wait it is for, or null for both when it is kept for one to come. */
export interface SignalAnswer {
  readonly signalId: string;
  readonly instanceId: string | null;
  readonly taskInstanceId: string | null;
  readonly repeated: boolean;
}

/** What became of an item. */
export type Outcome =
  /** Committed; the answer of a claim, an operation or a start. A request with a known key gets the answer of the first time. */
  | { readonly kind: 'done'; readonly answer: ClaimAnswer | OperationAnswer | StartAnswer | SignalAnswer | null }
  /** There is no such run. */
  | { readonly kind: 'missing' }
  /** An earlier event of the run is parked: this one has to wait behind it. */
  | { readonly kind: 'held' }
  /** The key was used for another request. */
  | { readonly kind: 'key-reused' }
  /** Nothing was written: the store is away, or the executor closes. */
  | { readonly kind: 'unavailable' }
  /** This item cannot be applied. */
  /** Nothing is wrong, but it is not let in now. */
  | { readonly kind: 'refused'; readonly refusal: OrderlinesError }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Item {
  readonly instanceId: string;
  /** Size of what arrived. */
  readonly bytes: number;
  /** True: in a batch of its own, since it was delivered twice in vain. */
  readonly alone: boolean;
  /** Somebody waits for an answer until then (`performance.now()`): while the store is away the item stays in the queue. Null: given back at once. */
  readonly waitsUntil: number | null;
  /** Called once, after the commit or when it is given up. */
  settle(outcome: Outcome): void;
}

/** Something that happened to a run. */
export interface EventItem extends Item {
  readonly kind: 'event';
  readonly event: RunEvent;
  readonly key?: OperationKey;
  /** The parked event that leaves when this one is applied; it does not wait behind parked events. */
  readonly releases?: string;
}

/** A new run. */
export interface StartItem extends Item {
  readonly kind: 'start';
  readonly request: StartRequest;
  readonly key?: OperationKey;
}

/** Something that happened elsewhere, for whichever run waits for it; `instanceId` is the signal's own id. */
export interface SignalItem extends Item {
  readonly kind: 'signal';
  readonly signal: SentSignal;
  readonly key: OperationKey;
}

/** A look at a run and the one that asked for it, both locked: what has to happen between the two is decided then. */
export interface LinkItem extends Item {
  readonly kind: 'link';
  readonly parentId: string;
  readonly taskInstanceId: string;
  /** How to start the run where it is missing, or why it cannot be; null: it was there, or nobody asks for it any more. */
  readonly order: StartRequest | Failure | null;
}

/** A look at a run with a concurrency key, beside all others that have it: whether it begins, waits or ends is decided then. */
export interface SlotItem extends Item {
  readonly kind: 'slot';
}

/** An event that is put aside unread. */
export interface ParkItem extends Item {
  readonly kind: 'park';
  readonly parked: ParkedEvent;
}

/** What enters a batch. */
export type BatchItem = EventItem | StartItem | LinkItem | SlotItem | SignalItem | ParkItem;

/** An answer as it is stored under its key. */
export const storedAnswer = (answer: OperationAnswer | StartAnswer | SignalAnswer): JsonObject =>
  JSON.parse(JSON.stringify(answer)) as JsonObject;

/** A stored answer, as given again; only this file writes them. */
export const answerAgain = (answer: JsonObject): OperationAnswer | StartAnswer | SignalAnswer =>
  'instanceId' in answer
    ? ({ ...answer, repeated: true } as Record<string, Json> as unknown as StartAnswer | SignalAnswer)
    : (answer as unknown as OperationAnswer);
