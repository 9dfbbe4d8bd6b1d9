import { Pipe, type PipeTransform } from '@angular/core';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something took, short enough for a table: `850 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export const formatDuration = (ms: number): string => {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
};

/** The time between two moments; without an end, until `now`. */
@Pipe({ name: 'olDuration' })
export class DurationPipe implements PipeTransform {
  transform(from: string | null | undefined, to?: string | null, now = Date.now()): string {
    if (!from) return '–';
    return formatDuration((to ? Date.parse(to) : now) - Date.parse(from));
  }
}
