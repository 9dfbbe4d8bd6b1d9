import { say, type Terminal } from '../terminal.js';

/** Ways to print a result. */
export const FORMATS = ['table', 'json', 'yaml'] as const;
/** Way to print a result. */
export type Format = (typeof FORMATS)[number];

/** Prints a result: for scripts as it is, for people as `asTable` lays it out. */
export const print = async (terminal: Terminal, format: Format, value: unknown, asTable: () => string): Promise<void> => {
  if (format === 'json') say(terminal, JSON.stringify(value, null, 2));
  else if (format === 'yaml') say(terminal, (await import('yaml')).stringify(value).trimEnd());
  else say(terminal, asTable());
};
