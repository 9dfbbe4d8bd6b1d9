const HOUR_MS = 3_600_000;
/** Zones lie between 12 hours behind UTC and 14 before it; a clock changes at most once in so long a time. */
const EAST_MS = 15 * HOUR_MS;
const WEST_MS = 13 * HOUR_MS;

/** What a clock of a zone shows, written as the epoch milliseconds at which a clock in UTC would show the same. */
export type WallTime = number;

/** A moment at which the clock of a zone is put forward or back. */
export interface ClockChange {
  /** Epoch milliseconds of the first moment after it. */
  readonly at: number;
  /** Milliseconds by which the clock was ahead of UTC. */
  readonly before: number;
  /** Milliseconds by which it is ahead from then on. */
  readonly after: number;
}

/** The clock of an IANA time zone. */
export class Zone {
  private static readonly known = new Map<string, Zone>();
  private readonly format: Intl.DateTimeFormat;

  private constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** The zone of that name; undefined: there is none. */
  static of(name: string): Zone | undefined {
    const known = Zone.known.get(name);
    if (known !== undefined) return known;
    try {
      const zone = new Zone(name);
      Zone.known.set(name, zone);
      return zone;
    } catch {
      return undefined;
    }
  }

  /** Milliseconds by which the clock is ahead of UTC at a moment. */
  offsetAt(instant: number): number {
    const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(this.format.format(instant)) ?? [];
    if (sign === undefined) return 0;
    const ahead = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds ?? 0)) * 1_000;
    return sign === '-' ? -ahead : ahead;
  }

  /** What the clock shows at a moment. */
  wallAt(instant: number): WallTime {
    return instant + this.offsetAt(instant);
  }

  /** The change of the clock in `(from, until]`; undefined: there is none. */
  changeIn(from: number, until: number): ClockChange | undefined {
    const before = this.offsetAt(from);
    const after = this.offsetAt(until);
    if (before === after) return undefined;
    let [low, high] = [from, until];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    return { at: high, before, after };
  }

  /** The first moment at which the clock shows a time; one that it skips is taken to be the moment at which it is put forward. */
  instantOf(wall: WallTime): number {
    const change = this.changeIn(wall - EAST_MS, wall + WEST_MS);
    if (change === undefined) return wall - this.offsetAt(wall);
    const earlier = wall - change.before;
    return earlier < change.at ? earlier : Math.max(wall - change.after, change.at);
  }

  /** The moment at which the day of the clock begins that is shown at a moment. */
  startOfDay(instant: number, daysLater = 0): number {
    const DAY_MS = 24 * HOUR_MS;
    return this.instantOf(Math.floor(this.wallAt(instant) / DAY_MS) * DAY_MS + daysLater * DAY_MS);
  }
}
