import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { StoreError } from '../store-error.js';

/**
 * Runs the server and watches the pipe to this process: when it closes, also because this process was killed, the server is told
 * to stop. So no server outlives its owner, without a file or a number that could be stale. $1: signal, $2: tenths of a second to KILL.
 */
const SUPERVISOR = `
stop=$1; limit=$2; shift 2
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  cat <&3
  kill -s "$stop" "$server"
  waited=0
  while [ "$waited" -lt "$limit" ]; do sleep 0.1; waited=$((waited + 1)); done
  kill -s KILL "$server"
) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;

/** How a server is started and stopped. */
export interface ServerCommand {
  /** As people know it. */
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Standard output and standard error go here; what the last run said is kept beside it as `.previous`. */
  readonly logFile: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly stopSignal: 'INT' | 'TERM';
  /** From the signal to KILL. */
  readonly stopLimitMs: number;
}

/** How a server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that lives as long as this process, or shorter. */
export class SupervisedServer {
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<ServerExit>;
  private ended: ServerExit | undefined;

  private constructor(
    private readonly command: ServerCommand,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      const settle = (exit: ServerExit) => {
        this.ended = exit;
        resolve(exit);
      };
      child.once('exit', (code, signal) => settle({ code, signal }));
      child.once('error', () => settle({ code: null, signal: null }));
    });
    // The owner closes the server; a forgotten one must not keep the process alive.
    child.unref();
    if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
    child.stdin?.on('error', () => undefined);
  }

  static start(command: ServerCommand): SupervisedServer {
    try {
      renameSync(command.logFile, `${command.logFile}.previous`);
    } catch {
      // The first start has no log yet.
    }
    const log = openSync(command.logFile, 'a', 0o600);
    try {
      const limit = String(Math.ceil(command.stopLimitMs / 100));
      const child = spawn('sh', ['-c', SUPERVISOR, 'supervisor', command.stopSignal, limit, command.program, ...command.args], {
        cwd: '/',
        // A group of its own: Ctrl-C in a terminal reaches the owner, which closes its stores last.
        detached: true,
        env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['pipe', log, log],
        ...command.user,
      });
      return new SupervisedServer(command, child);
    } finally {
      closeSync(log);
    }
  }

  /** True while the server has not ended. */
  get running(): boolean {
    return this.ended === undefined;
  }

  /** Waits until `probe` answers true; throws {@link StoreError} `store.not-started` when the server ends or the limit is over. */
  async waitUntilReady(probe: () => Promise<boolean>, limitMs: number): Promise<void> {
    for (const end = Date.now() + limitMs; Date.now() < end;) {
      if (this.ended) throw this.notStarted('ended right after its start');
      if (await probe()) return;
      await Promise.race([this.exited, new Promise((resolve) => setTimeout(resolve, 15))]);
    }
    await this.stop();
    throw this.notStarted(`was not ready within ${limitMs / 1000} s`);
  }

  /** Tells the server to stop and waits for its end. A second call waits for the same end. */
  async stop(): Promise<void> {
    this.child.stdin?.destroy();
    let timer: NodeJS.Timeout | undefined;
    const limitMs = this.command.stopLimitMs + 5_000;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), limitMs);
    });
    const outcome = await Promise.race([this.exited, late]);
    clearTimeout(timer);
    if (outcome === 'late') throw new StoreError('store.not-stopped', `${this.command.title} did not stop within ${limitMs / 1000} s.`);
  }

  private notStarted(what: string): StoreError {
    const tail = readTail(this.command.logFile);
    return new StoreError('store.not-started', `${this.command.title} ${what}. The end of ${this.command.logFile}:\n${tail}`);
  }
}

const readTail = (file: string) => {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  } catch {
    return '(no log)';
  }
};
