import type { Zone } from './zone.js';

const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** Epoch milliseconds of `2027-01-31`, `2027-01-31T09:00` or `2027-01-31T09:00:00+08:00`; without an offset on the clock of the zone; undefined: it is none. */
export const parseMoment = (text: string, zone: Zone): number | undefined => {
  const [, date, time = '00:00', offset] = WRITTEN.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const wall = Date.parse(`${date}T${time}Z`);
  // The 30th of February would be taken for the 2nd of March.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) return undefined;
  return offset === undefined ? zone.instantOf(wall) : Date.parse(`${date}T${time}${offset}`);
};
