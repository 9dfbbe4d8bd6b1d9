import { Option } from 'commander';
import { refused, type CommandError } from './command-error.js';

const REASONS = {
  clearDb: {
    flag: '--clear-db',
    reason: '--clear_db is refused: what has been run is kept as history, and a command that starts a process must not delete it',
    advice: 'leave it out; every start makes a new run with a number of its own',
  },
} as const;

type OriginalOption = keyof typeof REASONS;

/** Options of the original that mean nothing here: known, so that they can be refused with the reason, but not listed. */
export const originalOption = (name: OriginalOption): Option => new Option(REASONS[name].flag).hideHelp();

/** Refuses the original's options that were given although they mean nothing here. */
export const refuseOriginalOptions = (given: { readonly [name in OriginalOption]?: true }): void => {
  for (const name of Object.keys(REASONS) as OriginalOption[]) if (given[name]) throw rejection(name);
};

const rejection = (name: OriginalOption): CommandError => refused(REASONS[name].reason, REASONS[name].advice);
