import type { Json } from '@orderlines/contracts';
import type { HeartbeatReply, HeldAttempt } from '@orderlines/messaging';

/** What the heartbeat thread is started with. */
export interface HeartbeatSettings {
  readonly natsUrl: string;
  readonly session: string;
  readonly worker: string;
  readonly startedAt: number;
  readonly version: string;
  readonly queues: string[];
  readonly slots: number;
  readonly intervalMs: number;
  readonly taskTypes: Json[];
  /** Sessions before this one that are over. */
  readonly succeeds: string[];
  /** Folder with the process groups of running tasks: the thread's last resort. */
  readonly groupsFolder: string;
}

/** What the worker holds, told to the thread every second. */
export interface HeldSnapshot {
  /** Epoch milliseconds when it was made: a worker whose event loop is blocked says nothing about later attempts. */
  readonly madeAt: number;
  readonly held: HeldAttempt[];
  readonly heldIsComplete: boolean;
  readonly workspaces: string[];
  readonly busy: number;
  readonly draining: boolean;
}

/** To the thread. */
export type ToHeartbeat =
  | { readonly kind: 'snapshot'; readonly snapshot: HeldSnapshot }
  /** Tasks are being stopped because NATS is away. */
  | { readonly kind: 'cut-off-heard' }
  | { readonly kind: 'close' };

/** From the thread. */
export type FromHeartbeat =
  | { readonly kind: 'reply'; readonly reply: HeartbeatReply }
  /** Nothing was heard of NATS for 15 s: tasks must be stopped now. */
  | { readonly kind: 'cut-off' }
  /** NATS, and maybe an executor, are there (again). */
  | { readonly kind: 'state'; readonly nats: boolean; readonly executor: boolean; readonly why: string };
