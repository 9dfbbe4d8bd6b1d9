import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells a process from a later one with the same id: when it started, as the system counts it. Undefined when there is no such
 * process, or it is dead and only not yet collected.
 */
export const processIdentity = (pid: number): string | undefined =>
  process.platform === 'linux' ? identityFromProc(pid) : identityFromPs(pid);

const identityFromProc = (pid: number): string | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name in brackets may hold spaces and brackets itself; state is the first field after it, start time the 20th.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
};

const identityFromPs = (pid: number): string | undefined => {
  try {
    const text = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
};
