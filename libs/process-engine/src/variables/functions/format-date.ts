import { ValueError } from '../operators.js';

/** The parts of a moment in a time zone, as digits. */
interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly milliseconds: string;
}

const TOKEN = /yyyy|yy|MM|M|dd|d|HH|H|mm|m|ss|s|SSS|'([^']*)'|[A-Za-z]+/g;

/**
 * A moment written by a pattern of `yyyy yy MM M dd d HH H mm m ss s SSS`; other letters stand in single quotes.
 * Throws {@link ValueError} for an unknown letter or time zone.
 */
export function formatInstant(instant: number, pattern: string, zone: string): string {
  const parts = partsOf(instant, zone);
  return pattern.replace(TOKEN, (token: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted;
    switch (token) {
      case 'yyyy':
        return parts.year;
      case 'yy':
        return parts.year.slice(-2);
      case 'MM':
      case 'M':
        return sized(parts.month, token);
      case 'dd':
      case 'd':
        return sized(parts.day, token);
      case 'HH':
      case 'H':
        return sized(parts.hour, token);
      case 'mm':
      case 'm':
        return sized(parts.minute, token);
      case 'ss':
      case 's':
        return sized(parts.second, token);
      case 'SSS':
        return parts.milliseconds;
      default:
        throw new ValueError(
          `\`${token}\` has no meaning in a date pattern; letters of the text stand in single quotes, as in \`yyyy-MM-dd'T'HH:mm\``,
        );
    }
  });
}

const sized = (digits: string, token: string): string => (token.length === 1 ? String(Number(digits)) : digits);

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    if (formatters.size < 100) formatters.set(zone, made);
    return made;
  } catch {
    throw new ValueError(`the time zone \`${zone.slice(0, 40)}\` is not known; write it as Europe/Berlin or UTC`);
  }
}

function partsOf(instant: number, zone: string): Parts {
  const found = new Map(
    formatterOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes, width: number): string => (found.get(type) ?? '').padStart(width, '0');
  return {
    year: part('year', 4),
    month: part('month', 2),
    day: part('day', 2),
    hour: part('hour', 2),
    minute: part('minute', 2),
    second: part('second', 2),
    milliseconds: String(((instant % 1000) + 1000) % 1000).padStart(3, '0'),
  };
}
