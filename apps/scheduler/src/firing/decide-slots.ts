import type { SlotStatus } from '@orderlines/contracts';
import type { Slot } from '@orderlines/timetable';
import type { DueSchedule } from './due-schedule.js';
import { judgeMissed, tooLate, type Missed } from './missed.js';
import { admit, standingAfter, type Admission, type Standing } from './overlap.js';

/** Slots of a schedule that are decided at once; the rest is due at the next look. */
const MAX_SLOTS = 100;

/** A row for the ledger. */
export interface DecidedSlot {
  readonly at: number;
  readonly dueAt: number;
  /** The row stands for all slots before this moment, too. */
  readonly until?: number;
  readonly status: Extract<SlotStatus, 'starting' | 'waiting' | 'confirming' | 'skipped'>;
  readonly reason?: string;
  readonly message?: string;
}

/** What becomes of a schedule some slots of which are due. */
export interface Decision {
  readonly slots: readonly DecidedSlot[];
  /** Its first slot that is not decided; null: there is none. */
  readonly next: Slot | null;
  readonly remaining: number | null;
  /** Why it ends now; absent: it goes on. */
  readonly ended?: string;
  /** Runs are stopped, and what waited before this slot is skipped for it. */
  readonly replaced?: { readonly by: number; readonly stop: 'stop' | 'force' };
}

/** Decides what becomes of the slots of a schedule that are due now: pure, so that every policy can be tried with any past. */
export const decideSlots = (schedule: DueSchedule, now: number, isSwitchedOff: boolean): Decision => {
  const deciding = new Deciding(schedule, now, isSwitchedOff);
  let slot: Slot | null = deciding.skipForgotten();
  while (slot !== null && slot.dueAt <= now && !deciding.isFull) {
    const following: Slot | null = schedule.timetable.next(slot.at);
    deciding.decide(slot, following);
    slot = following;
  }
  return deciding.decision(slot);
};

class Deciding {
  private readonly slots: DecidedSlot[] = [];
  private standing: Standing;
  private remaining: number | null;
  private replaced: Decision['replaced'];

  constructor(
    private readonly schedule: DueSchedule,
    private readonly now: number,
    private readonly isSwitchedOff: boolean,
  ) {
    this.standing = schedule;
    this.remaining = schedule.remaining;
  }

  get isFull(): boolean {
    return this.slots.length >= MAX_SLOTS || this.remaining === 0;
  }

  /** Slots before the catch-up window get one row together, however many they are; gives the first one behind them. */
  skipForgotten(): Slot | null {
    const { next, timetable, catchUpMs } = this.schedule;
    if (next.dueAt >= this.now - catchUpMs) return next;
    const following = timetable.next(Math.max(this.now - catchUpMs - 1, next.at));
    this.slots.push({ ...next, until: following?.at ?? this.now, status: 'skipped', ...tooLate });
    return following;
  }

  decide(slot: Slot, following: Slot | null): void {
    const { schedule, now } = this;
    const why = this.isSwitchedOff ? SWITCHED_OFF : judgeMissed(schedule.missed, slot, following, now, schedule.catchUpMs);
    if (why !== null) return this.skip(slot, why);
    if (schedule.confirms) return this.take(slot, 'confirming');
    const admission = admit(schedule.overlap, schedule.overlapLimit, this.standing);
    this.standing = standingAfter(this.standing, admission);
    this.carryOut(slot, admission);
  }

  decision(next: Slot | null): Decision {
    const ended = this.remaining === 0 ? 'it has made all its starts' : next === null ? 'no time of its plan lies ahead' : undefined;
    return {
      slots: this.slots,
      next: ended === undefined ? next : null,
      remaining: this.remaining,
      ...(ended !== undefined && { ended }),
      ...(this.replaced && { replaced: this.replaced }),
    };
  }

  private carryOut(slot: Slot, admission: Admission): void {
    switch (admission.kind) {
      case 'skip':
        return this.skip(slot, admission);
      case 'start':
        return this.take(slot, 'starting');
      case 'wait':
        return this.take(slot, 'waiting');
      case 'replace':
        // Of several that are due at once only the newest is worth stopping something for.
        this.supersede();
        this.replaced = { by: slot.at, stop: admission.stop };
        return this.take(slot, 'waiting');
    }
  }

  private supersede(): void {
    this.slots.forEach((earlier, index) => {
      if (earlier.status === 'starting' || earlier.status === 'waiting') {
        this.slots[index] = { at: earlier.at, dueAt: earlier.dueAt, status: 'skipped', ...SUPERSEDED };
        if (this.remaining !== null) this.remaining += 1;
      }
    });
  }

  private take(slot: Slot, status: 'starting' | 'waiting' | 'confirming'): void {
    this.slots.push({ ...slot, status });
    if (this.remaining !== null) this.remaining -= 1;
  }

  private skip(slot: Slot, { reason, message }: NonNullable<Missed>): void {
    this.slots.push({ ...slot, status: 'skipped', reason, message });
  }
}

const SWITCHED_OFF = { reason: 'switched-off', message: 'all schedules are switched off (stop_all_schedule)' } as const;
/** What is said of a slot in whose place a newer one came. */
export const SUPERSEDED = { reason: 'superseded', message: 'a newer slot came before it could start' } as const;
