import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootIdentity, COMMAND_MARK, ProcessFamily, processIdentity, type ProcessGroups } from '@orderlines/plugin-sdk';

/**
 * Kills all recorded groups, and what carries their marks, when its standard input ends, which is when the worker has died, however it
 * died. Where there is no /proc only the groups are found.
 */
const GUARDIAN = `trap '' HUP INT TERM
cd "$1" || exit 1
read -r _
for group in [0-9]*; do
  case $group in *[!0-9]*) continue;; esac
  kill -s KILL -- "-$group" 2>/dev/null
  mark=
  read -r mark < "$group"
  [ -n "$mark" ] && [ -e /proc/self/environ ] || continue
  for environ in $(grep -lsF -e "${COMMAND_MARK}=$mark" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${environ#/proc/}
    kill -s KILL "\${pid%/environ}" 2>/dev/null
  done
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
  async open(): Promise<number> {
    mkdirSync(this.folder, { recursive: true });
    const ended = await endRecordedGroups(this.folder);
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

  started(groupId: number, mark: string): void {
    writeFileSync(join(this.folder, String(groupId)), [mark, bootIdentity(), processIdentity(groupId) ?? GONE].join('\n'));
  }

  ended(groupId: number): void {
    rmSync(join(this.folder, String(groupId)), { force: true });
  }

  /** Lets the guardian go; what is still recorded is ended. */
  close(): void {
    this.guardian?.stdin?.end();
  }
}

/** Kills every recorded group with all that came from it. Returns how many groups still ran. */
export const endRecordedGroups = async (folder: string): Promise<number> => {
  const boot = bootIdentity();
  let ended = 0;
  for (const name of readdirSync(folder).filter((file) => /^\d+$/.test(file))) {
    const [mark = '', recordedBoot, identity] = readFileSync(join(folder, name), 'utf8').split('\n');
    if (recordedBoot === boot) {
      const family = new ProcessFamily(Number(name), mark, identity);
      if (family.signal('SIGKILL') > 0) ended += 1;
      await family.end();
    }
    rmSync(join(folder, name), { force: true });
  }
  return ended;
};

/** Start of a process that had ended before it was recorded: no process has it. */
const GONE = '0';
