import { isTerminalProcess, PROCESS_STATUSES, type InstanceEvent, type Json } from '@orderlines/contracts';
import { readHistory } from '@orderlines/persistence';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { LiveFeed } from '../live/live-feed.js';
import { LiveInbox } from '../live/live-inbox.js';
import { requireId } from './instances.js';
import { readRunPosition } from './run-position.js';

/** Rows that a slow reader may hold in memory. */
const PAGE = 100;
/** Live messages may be lost: the history is looked at this often even when nothing is told. */
const RECHECK_MS = 5_000;

/** A run that is being followed. */
export interface FollowedRun {
  /** True: the number to go on from is not one of this run (a backup was restored); its events come from the beginning. */
  readonly fromBeginning: boolean;
  /** Its events in the order of their numbers, none left out, none twice; ends with the run. */
  readonly events: AsyncGenerator<InstanceEvent, void, undefined>;
}

/** What becomes known about runs: from the history, then live. */
export class InstanceEvents {
  constructor(
    private readonly pool: Pool,
    private readonly feed: LiveFeed,
  ) {}

  /** Follows a run behind a number; refused when there is no such run. The signal ends it. */
  async follow(id: string, afterSeq: number, signal: AbortSignal): Promise<FollowedRun> {
    const instanceId = requireId(id);
    const { seq, ended } = await readRunPosition(this.pool, instanceId);
    const isKnown = Number.isSafeInteger(afterSeq) && afterSeq >= 0 && afterSeq <= seq;
    return { fromBeginning: !isKnown, events: this.events(instanceId, isKnown ? afterSeq : 0, ended, signal) };
  }

  private async *events(
    instanceId: string,
    afterSeq: number,
    endedBefore: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<InstanceEvent, void, undefined> {
    const inbox = new LiveInbox();
    // Before the history is read: what is told meanwhile waits in the inbox.
    const unfollow = this.feed.follow(instanceId, inbox);
    try {
      let seq = afterSeq;
      let ended = endedBefore;
      while (!signal.aborted) {
        for await (const event of this.history(instanceId, seq, signal)) {
          seq = event.seq;
          // It may have ended since it was looked at, and been opened again; what stands behind the end is told, too.
          ended = endsWith(event.facts) ?? ended;
          yield event;
        }
        if (ended) return;
        for await (const event of untold(inbox, seq, signal)) {
          seq = event.seq;
          yield event;
          if (endsWith(event.facts)) return;
        }
        ({ ended } = await readRunPosition(this.pool, instanceId));
      }
    } finally {
      unfollow();
    }
  }

  private async *history(instanceId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<InstanceEvent, void, undefined> {
    for (let seq = afterSeq; !signal.aborted;) {
      const page = await readHistory(this.pool, instanceId, seq, PAGE);
      yield* page;
      if (page.length < PAGE) return;
      seq = page.at(-1)?.seq ?? seq;
    }
  }
}

/** Live events as long as they come without a gap. */
async function* untold(inbox: LiveInbox, afterSeq: number, signal: AbortSignal): AsyncGenerator<InstanceEvent, void, undefined> {
  for (let seq = afterSeq; ;) {
    const message = await inbox.next(RECHECK_MS, signal);
    if (message === undefined || message.seq > seq + 1) return;
    if (message.seq <= seq) continue;
    seq = message.seq;
    yield { seq, at: new Date(message.at).toISOString(), facts: message.facts as Json[] };
  }
}

const InstanceFact = z.object({ type: z.literal('instance'), status: z.enum(PROCESS_STATUSES) });

/** Whether the run has ended after these facts; undefined when they say nothing of it. */
const endsWith = (facts: readonly unknown[]): boolean | undefined => {
  const told = facts.flatMap((fact) => InstanceFact.safeParse(fact).data ?? []).at(-1);
  return told && isTerminalProcess(told.status);
};
