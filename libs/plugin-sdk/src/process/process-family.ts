import { setTimeout as sleep } from 'node:timers/promises';
import { readProcesses, processIdentity, startedWith, type ProcessEntry } from './process-table.js';

/** Environment variable that marks everything a command starts, also what has left its process group and its parents. */
export const COMMAND_MARK = 'ORDERLINES_COMMAND';

/** A killed process is seen for some moments more. */
const LOOK_EVERY_MS = 10;
/** One that hangs in the kernel (a dead network disk) cannot be ended by anybody. */
const END_LIMIT_MS = 2_000;
const GONE_LOOK_EVERY_MS = 100;

/**
 * Everything that comes from one command: its process group and session, their descendants, and every process that carries its mark.
 * A process that leaves all of them (`setsid`, its parent gone, {@link COMMAND_MARK} removed) does not belong to it any more.
 */
export class ProcessFamily {
  /** Seen once: still ours when its parents are gone. */
  private readonly known = new Map<number, string>();

  constructor(
    /** Process id of the command, which leads a group and a session. */
    readonly leader: number,
    private readonly mark: string,
    private readonly leaderStarted: string | undefined = processIdentity(leader),
  ) {}

  /** Sends a signal to all that live. Returns how many there were. */
  signal(signal: NodeJS.Signals): number {
    const members = this.members();
    for (const { pid } of members) kill(pid, signal);
    return members.length;
  }

  /** Kills all, and those that were born meanwhile. Returns how many would not die. */
  async end(): Promise<number> {
    const limit = performance.now() + END_LIMIT_MS;
    for (;;) {
      const left = this.signal('SIGKILL');
      if (left === 0 || performance.now() > limit) return left;
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Resolves when nobody is left, or the signal is aborted. */
  async gone(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.members().length > 0) {
      await sleep(GONE_LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private members(): ProcessEntry[] {
    const others = readProcesses().filter(({ pid }) => pid !== process.pid && pid !== 1);
    // The system gives the number of a group away again only when nobody is left in it.
    const isGiven =
      this.leaderStarted !== undefined && others.some(({ pid, started }) => pid === this.leader && started !== this.leaderStarted);
    const members = new Map(others.filter((entry) => this.owns(entry, !isGiven)).map((entry) => [entry.pid, entry]));
    for (let before = -1; before !== members.size;) {
      before = members.size;
      for (const entry of others) if (members.has(entry.parent)) members.set(entry.pid, entry);
    }
    for (const { pid, started } of members.values()) this.known.set(pid, started);
    return [...members.values()];
  }

  private owns({ pid, group, session, started }: ProcessEntry, groupIsOurs: boolean): boolean {
    if (this.known.get(pid) === started) return true;
    if (groupIsOurs && (group === this.leader || session === this.leader)) return true;
    return this.mayCarryMark(started) && startedWith(pid, `${COMMAND_MARK}=${this.mark}`);
  }

  /** Reading the environment of every process of the machine would be dear: nothing older than the command comes from it. */
  private mayCarryMark(started: string): boolean {
    return process.platform === 'linux' && (this.leaderStarted === undefined || Number(started) >= Number(this.leaderStarted));
  }
}

const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended, or changed its user: nothing else can be done about it.
  }
};
