import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A living process; one that is dead and only not yet collected is none. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system does not tell. */
  readonly session: number;
  /** When it started, as the system counts it: tells it from a later process with the same id. */
  readonly started: string;
}

/** All living processes that this one can see: from `/proc`, elsewhere from `ps`. */
export const readProcesses = (): ProcessEntry[] =>
  process.platform === 'linux'
    ? readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (entryFromProc(Number(name)) ?? []) : []))
    : entriesFromPs(['-ax']);

/** What tells a process from a later one with the same id; undefined when there is no such living process. */
export const processIdentity = (pid: number): string | undefined =>
  (process.platform === 'linux' ? entryFromProc(pid) : entriesFromPs(['-p', String(pid)])[0])?.started;

/** Names this run of the machine: ids and starting times of processes are counted anew after the next boot. Empty where they are not. */
export const bootIdentity = (): string => {
  try {
    return process.platform === 'linux' ? readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim() : '';
  } catch {
    return '';
  }
};

/** True when a process was started with this variable, as far as the system shows it to us: not on macOS, and not of other users. */
export const startedWith = (pid: number, variable: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/environ`).toString('latin1').split('\0').includes(variable);
  } catch {
    return false;
  }
};

const entryFromProc = (pid: number): ProcessEntry | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name in brackets may hold spaces and brackets itself.
    const [state, parent, group, session, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X'
      ? undefined
      : { pid, parent: Number(parent), group: Number(group), session: Number(session), started: rest[STARTED_FIELD] ?? '' };
  } catch {
    return undefined;
  }
};

/** `starttime` counted from the field after `session`. */
const STARTED_FIELD = 15;

const entriesFromPs = (selection: readonly string[]): ProcessEntry[] => {
  try {
    const text = execFileSync('ps', [...selection, '-o', 'pid=,ppid=,pgid=,state=,lstart='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.split('\n').flatMap((line) => {
      const [, pid, parent, group, state = 'Z', started = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
      return state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, started }];
    });
  } catch {
    // `ps -p` ends with 1 when there is no such process.
    return [];
  }
};
