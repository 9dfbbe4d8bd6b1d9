import { MAX_DEBOUNCED_EVENTS, type Json } from '@orderlines/contracts';
import type { AbsenceRule, DebounceRule } from './trigger-rule.js';

/** Characters of JSON that collected events may have together; it starts before there are more. */
const MAX_COLLECTED = 512 * 1024;

/** What a trigger waits for: the end of a quiet time, or that something does not happen. Moments are epoch milliseconds. */
export interface Timer {
  /** When the waiting began. */
  readonly since: number;
  readonly dueAt: number;
  /** What the start will be given. */
  readonly events: Json[];
}

/** An event with its moment. */
export interface TimedEvent {
  readonly event: Json;
  readonly at: number;
}

/** Collects an event: the start is put off until it is quiet, but not for ever, and not beyond what a start can be given. */
export const collect = (
  timer: Timer | null,
  { event }: Pick<TimedEvent, 'event'>,
  { quietMs, atMostMs, give }: DebounceRule,
  now: number,
): Timer => {
  const since = timer?.since ?? now;
  const events = give === 'last' ? [event] : [...(timer?.events ?? []), event];
  const isFull = events.length >= MAX_DEBOUNCED_EVENTS || (events.length > 1 && JSON.stringify(events).length > MAX_COLLECTED);
  return { since, dueAt: isFull ? now : Math.min(now + quietMs, since + atMostMs), events };
};

/** What a trigger waits for from a moment on, before any event; null: until an event comes, for nothing. */
export const firstTimer = (absence: AbsenceRule | null, now: number): Timer | null => {
  if (absence === null || absence.kind === 'after') return null;
  return rearmed(absence, now, now);
};

/** What is waited for after an event that something has to follow; one that waits already goes on. */
export const awaitAfter = (
  timer: Timer | null,
  { event, at }: TimedEvent,
  { withinMs }: Extract<AbsenceRule, { kind: 'after' }>,
  now: number,
): Timer => timer ?? { since: at, dueAt: Math.max(at + withinMs, now), events: [event] };

/** What is waited for after what had to happen has happened; null: nothing. */
export const answered = (timer: Timer | null, { event, at }: TimedEvent, absence: AbsenceRule): Timer | null => {
  switch (absence.kind) {
    case 'after':
      return timer !== null && timer.since > at ? timer : null;
    case 'silence':
      return timer !== null && timer.since >= at ? timer : { since: at, dueAt: at + absence.withinMs, events: [event] };
    case 'deadline':
      return timer === null || at < timer.since ? timer : { ...timer, events: [event] };
  }
};

/** What becomes of a timer that is due: whether a start is due with it, and what is waited for next. */
export interface Expiry {
  readonly isDue: boolean;
  readonly next: Timer | null;
}

/** Decides what becomes of a timer that is due. */
export const expire = (timer: Timer, absence: AbsenceRule | null, now: number): Expiry => {
  if (absence === null || absence.kind === 'after') return { isDue: true, next: null };
  const hasHappened = absence.kind === 'deadline' && timer.events.length > 0;
  return { isDue: !hasHappened, next: rearmed(absence, timer.dueAt, now) };
};

const rearmed = (absence: Extract<AbsenceRule, { kind: 'silence' | 'deadline' }>, since: number, now: number): Timer | null => {
  if (absence.kind === 'silence') return { since: now, dueAt: now + absence.withinMs, events: [] };
  const next = absence.timetable.next(now);
  return next === null ? null : { since, dueAt: next.at, events: [] };
};
