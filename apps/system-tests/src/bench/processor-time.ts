import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU seconds that a process and its children (also those that have ended) have used so far, as a list of one; empty where there is
 * no /proc. Postgres is one process a connection, so children count.
 */
export const processorSeconds = (processId: number): number[] => {
  const processes = processTable();
  if (!processes) return [];
  const ticksOf = (id: number): number =>
    [...processes.values()]
      .filter(({ parent }) => parent === id)
      .reduce((sum, child) => sum + ticksOf(child.id), processes.get(id)?.ticks ?? 0);
  return [ticksOf(processId) / ticksPerSecond()];
};

/** Memory of a process in MB as a list of one; empty where there is no /proc. */
export const residentMegabytes = (processId: number): number[] => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? [] : [Math.round(Number(kilobytes) / 1024)];
  } catch {
    return [];
  }
};

interface ProcessTimes {
  readonly id: number;
  readonly parent: number;
  /** Own time and that of children that have ended, in clock ticks. */
  readonly ticks: number;
}

const processTable = (): Map<number, ProcessTimes> | undefined => {
  try {
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return new Map(ids.flatMap((id) => readTimes(Number(id))).map((times) => [times.id, times]));
  } catch {
    return undefined;
  }
};

const readTimes = (id: number): ProcessTimes[] => {
  try {
    // The name, in brackets, may hold anything; behind it: state ppid … utime stime cutime cstime (fields 14–17 of proc(5)).
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ').map(Number) ?? [];
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
    return [{ id, parent: fields[1] ?? 0, ticks }];
  } catch {
    return []; // it has ended meanwhile
  }
};

let ticks: number | undefined;
const ticksPerSecond = (): number => (ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })));
