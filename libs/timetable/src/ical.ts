import ICAL from 'ical.js';
import type { Exclusions } from './calendar.js';
import { Zone } from './zone.js';

/** Events of a file. */
const MAX_EVENTS = 2_000;
/** Occurrences of all events of a file from the first on; holidays of a century are far fewer. */
const MAX_OCCURRENCES = 20_000;
/** Repetitions without an end are followed up to this year. */
const LAST_YEAR = 2060;

/** A file that cannot be read, with the reason. */
export class IcalError extends Error {}

/** When an event begins or ends: a moment, or a time on the clock of whoever asks. */
type Edge = { readonly at: number } | { readonly wall: number };

/** The events of an iCalendar file, with every repetition written out. */
export class IcalCalendar {
  private constructor(private readonly occurrences: readonly { readonly start: Edge; readonly end: Edge }[]) {}

  /** Reads a file; throws {@link IcalError}. */
  static parse(text: string): IcalCalendar {
    const occurrences: { start: Edge; end: Edge }[] = [];
    for (const event of eventsOf(text)) {
      // The zone stands at the event; the library knows those only that the file describes.
      const zone = Zone.of(String(event.component.getFirstProperty('dtstart')?.getParameter('tzid') ?? ''));
      for (const { start, end } of occurrencesOf(event)) {
        occurrences.push({ start: edgeOf(start, zone), end: edgeOf(end, zone) });
        if (occurrences.length > MAX_OCCURRENCES) {
          throw new IcalError(`the events are repeated more than ${MAX_OCCURRENCES} times: give repetitions an end (UNTIL or COUNT)`);
        }
      }
    }
    return new IcalCalendar(occurrences);
  }

  /** The times of the events, where those without a zone are of this one. */
  inZone(zone: Zone): Exclusions {
    const momentOf = (edge: Edge) => ('at' in edge ? edge.at : zone.instantOf(edge.wall));
    const spans = this.occurrences.map(({ start, end }) => [momentOf(start), momentOf(end)] as const).sort(([a], [b]) => a - b);
    // The latest end so far, so that a look back from the last span that has begun may stop.
    let latest = -Infinity;
    const ends = spans.map(([, end]) => (latest = Math.max(latest, end)));
    return {
      until: (instant) => {
        const until = ends[lastBegun(spans, instant)] ?? -Infinity;
        return until > instant ? until : null;
      },
    };
  }
}

/** Index of the last span that begins at or before a moment; -1: none does. */
const lastBegun = (spans: readonly (readonly [number, number])[], instant: number): number => {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.[0] ?? Infinity) <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const eventsOf = (text: string): ICAL.Event[] => {
  try {
    const calendar = new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0]);
    const events = calendar.getAllSubcomponents('vevent');
    if (events.length > MAX_EVENTS) throw new IcalError(`the file has ${events.length} events: ${MAX_EVENTS} are the most`);
    return events.map((event) => new ICAL.Event(event)).filter((event) => event.startDate !== null);
  } catch (error) {
    if (error instanceof IcalError) throw error;
    throw new IcalError(`this is no iCalendar file: ${(error as Error).message}`, { cause: error });
  }
};

function* occurrencesOf(event: ICAL.Event): Generator<{ start: ICAL.Time; end: ICAL.Time }> {
  if (!event.isRecurring()) {
    yield { start: event.startDate, end: event.endDate };
    return;
  }
  const iterator = event.iterator();
  for (let count = 0; count <= MAX_OCCURRENCES; count += 1) {
    const start = iterator.next() as ICAL.Time | null;
    if (start === null || start.year > LAST_YEAR) return;
    const { startDate, endDate } = event.getOccurrenceDetails(start);
    yield { start: startDate, end: endDate };
  }
}

const edgeOf = (time: ICAL.Time, zone: Zone | undefined): Edge => {
  const wall = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  if (time.isDate) return { wall };
  if (zone !== undefined) return { at: zone.instantOf(wall) };
  return (time.zone?.tzid ?? 'floating') === 'floating' ? { wall } : { at: time.toUnixTime() * 1_000 };
};
