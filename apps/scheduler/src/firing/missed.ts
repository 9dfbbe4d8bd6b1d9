import type { MissedPolicy } from '@orderlines/contracts';
import type { Slot } from '@orderlines/timetable';

/** A slot that comes later than this was missed; less is the lateness of a busy moment. */
export const MISSED_AFTER_MS = 60_000;

/** Why a slot is not made up for; null: it fires. */
export type Missed = { readonly reason: string; readonly message: string } | null;

/** Judges a slot that is due: `following` is the slot after it, `catchUpMs` how long ago a slot may have been. */
export const judgeMissed = (policy: MissedPolicy, slot: Slot, following: Slot | null, now: number, catchUpMs: number): Missed => {
  const lateMs = now - slot.dueAt;
  if (lateMs <= MISSED_AFTER_MS) return null;
  if (lateMs > catchUpMs) return tooLate;
  switch (policy) {
    case 'all':
      return null;
    case 'none':
      return { reason: 'missed', message: 'no scheduler was there in time (missed: none)' };
    case 'last':
      return following !== null && following.dueAt <= now
        ? { reason: 'missed', message: 'no scheduler was there in time, and a newer slot is made up for (missed: last)' }
        : null;
  }
};

/** What is said of slots before the catch-up window. */
export const tooLate = {
  reason: 'missed',
  message: 'no scheduler was there in time, and it is longer ago than is caught up with',
} as const;
