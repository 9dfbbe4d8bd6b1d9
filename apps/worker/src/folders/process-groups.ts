import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killGroup, type ProcessGroups } from '@orderlines/plugin-sdk';
import { processIdentity } from './process-identity.js';

/** Kills all recorded groups when its standard input ends, which is when the worker has died, however it died. */
const GUARDIAN = `trap '' HUP INT TERM
cd "$1" || exit 1
read -r _
for group in [0-9]*; do
  case $group in *[!0-9]*) continue;; esac
  kill -s KILL -- "-$group" 2>/dev/null
done
`;

/**
 * The process groups of running tasks, one file each. A worker that is killed leaves nothing running beside the repetition of its tasks:
 * a guardian (a shell of some hundred KiB) ends the groups at once, and the next worker of the name looks again before it takes work.
 */
export class RecordedGroups implements ProcessGroups {
  private guardian: ChildProcess | undefined;

  constructor(private readonly folder: string) {}

  /** Ends what a former worker left, and starts to guard. Returns how many groups were ended. */
  open(): number {
    mkdirSync(this.folder, { recursive: true });
    const ended = endRecordedGroups(this.folder);
    const guardian = spawn('/bin/sh', ['-c', GUARDIAN, 'orderlines-guardian', this.folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guardian.on('error', () => undefined);
    guardian.unref();
    (guardian.stdin as unknown as { unref?(): void } | null)?.unref?.();
    this.guardian = guardian;
    return ended;
  }

  started(groupId: number): void {
    writeFileSync(join(this.folder, String(groupId)), processIdentity(groupId) ?? '');
  }

  ended(groupId: number): void {
    rmSync(join(this.folder, String(groupId)), { force: true });
  }

  /** Lets the guardian go; what is still recorded is ended. */
  close(): void {
    this.guardian?.stdin?.end();
  }
}

/** Kills every recorded group, unless its number has meanwhile gone to another process. Returns how many still ran. */
export const endRecordedGroups = (folder: string): number => {
  let ended = 0;
  for (const name of readdirSync(folder).filter((file) => /^\d+$/.test(file))) {
    const group = Number(name);
    const recorded = readFileSync(join(folder, name), 'utf8');
    const leader = processIdentity(group);
    // The system gives a number away again only when no process of the group is left: a missing leader leaves ours behind.
    if ((leader === undefined || leader === recorded) && killGroup(group, 'SIGKILL')) ended += 1;
    rmSync(join(folder, name), { force: true });
  }
  return ended;
};
