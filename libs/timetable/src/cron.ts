import type { DstRule } from '@orderlines/contracts';
import { CronExpressionParser, type CronExpression } from 'cron-parser';
import type { Sequence } from './sequence.js';
import type { ClockChange, WallTime, Zone } from './zone.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
/** A clock changes at most once in so long a time. */
const LOOK_MS = 30 * HOUR_MS;
/** Farther than a zone is from UTC. */
const FAR_MS = 15 * HOUR_MS;
/** 29 February on a Monday comes every 28 years, at the turn of a century after 40; in each step at least the look ahead is passed. */
const MAX_STEPS = 100;

/** An expression that cannot be read, or that no date fits. */
export class CronError extends Error {}

/** What an expression says, without a zone: times that a clock shows. */
export class CronTimes {
  private constructor(
    private readonly expression: CronExpression,
    /** Whether it fires in every hour of the day, so that no hour is named. */
    readonly isHourly: boolean,
  ) {}

  /** Reads an expression; throws {@link CronError}. */
  static parse(text: string): CronTimes {
    const fields = text.trim().split(/\s+/);
    if (!text.trim().startsWith('@') && (fields.length < 5 || fields.length > 6)) {
      throw new CronError(
        `a cron expression has five fields, or six with seconds first, not ${fields.length}: "minute hour day month weekday"`,
      );
    }
    if (fields.some((field) => /^H\b/.test(field))) {
      throw new CronError('`H` is another second for every reader: write the times, and spread schedules by `jitter`');
    }
    try {
      const expression = CronExpressionParser.parse(text.trim(), { tz: 'UTC', currentDate: new Date(0) });
      const times = new CronTimes(expression, expression.fields.hour.values.length === 24);
      expression.next();
      return times;
    } catch (error) {
      throw new CronError(reasonOf(error as Error), { cause: error });
    }
  }

  /** The first time of the expression at or after one; null: there is none in the years that can be looked through. */
  atOrAfter(wall: WallTime): WallTime | null {
    this.expression.reset(new Date(Math.ceil(wall / SECOND_MS) * SECOND_MS - SECOND_MS));
    try {
      return this.expression.next().getTime();
    } catch {
      return null;
    }
  }
}

const reasonOf = ({ message }: Error): string =>
  /day of month definition|loop limit|out of the time/i.test(message)
    ? 'no date fits: the day is in none of the months'
    : message.charAt(0).toLowerCase() + message.slice(1);

/**
 * The moments at which the clock of a zone shows the times of an expression. By `literal` whenever it shows them; by `once` times that the
 * clock skips fire together when it is put forward, and what it shows again when it is put back does not fire again. An expression that
 * fires in every hour names no hour of the day, so it is always taken literally.
 */
export const cronSequence = (times: CronTimes, zone: Zone, dst: DstRule): Sequence => {
  const once = dst === 'once' && !times.isHourly;
  return { next: (after) => nextOf(times, zone, once, after) };
};

const nextOf = (times: CronTimes, zone: Zone, once: boolean, after: number): number | null => {
  let from = Math.floor(after / SECOND_MS) * SECOND_MS + SECOND_MS;
  let shownBefore = once ? repeatedUntil(zone.changeIn(from - LOOK_MS, from)) : -Infinity;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const offset = zone.offsetAt(from);
    const wall = times.atOrAfter(Math.max(from + offset, shownBefore));
    if (wall === null) return null;
    const change = zone.changeIn(from, from + LOOK_MS);
    if (wall - offset < (change?.at ?? from + LOOK_MS)) return wall - offset;
    if (change === undefined) {
      from = Math.max(from + LOOK_MS, wall - FAR_MS);
      continue;
    }
    if (once && wall < change.at + change.after) return change.at;
    if (once) shownBefore = repeatedUntil(change);
    from = change.at;
  }
  return null;
};

/** Times before this one were shown before the clock was put back. */
const repeatedUntil = (change: ClockChange | undefined): WallTime =>
  change !== undefined && change.after < change.before ? change.at + change.before : -Infinity;
