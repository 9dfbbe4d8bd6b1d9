import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const askPs = (column: string, pid: number) =>
  attempt(() =>
    execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  );

/** State and start time from `/proc/<pid>/stat`; the name before them may hold spaces and brackets. */
const linuxStat = (pid: number) => {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && { state: fields[0], startTicks: fields[19] };
};

/** What tells a running process from a later one with the same number: its start; undefined when there is none (or only a zombie). */
export const processStart = (pid: number): string | undefined => {
  if (process.platform !== 'linux') return askPs('lstart', pid) || undefined;
  const stat = linuxStat(pid);
  if (!stat || stat.state === 'Z') return undefined;
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  return `${boot} ${stat.startTicks}`;
};

/** Program and arguments of a running process, separated by spaces. */
export const commandLine = (pid: number): string | undefined =>
  process.platform === 'linux'
    ? attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim())
    : askPs('command', pid);

/** Stops a process that is not our child: a polite signal, KILL after the limit; true when it is gone. */
export const endForeignProcess = async (pid: number, politeSignal: NodeJS.Signals, limitMs: number): Promise<boolean> => {
  for (const [signal, limit] of [
    [politeSignal, limitMs],
    ['SIGKILL', 5_000],
  ] as const) {
    attempt(() => process.kill(pid, signal));
    for (const end = Date.now() + limit; Date.now() < end; await sleep(20)) {
      if (processStart(pid) === undefined) return true;
    }
  }
  return false;
};
