import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMAND_MARK, StopOrder, TaskFailure, type ProcessGroups, type TaskContext } from '@orderlines/plugin-sdk';
import type { JavaScriptCall, JavaScriptReport } from './javascript-call.js';

/** How child processes are started. */
export interface JavaScriptSettings {
  /** The built program of the child. */
  readonly childProgram: URL;
  /** The worker's list of groups to end when it dies. */
  readonly processGroups?: ProcessGroups;
  /** PATH of the child. */
  readonly path: string;
}

/** Idle children that are kept, one a core; there are as many busy ones as tasks. */
const WARM_CHILDREN = Math.max(2, availableParallelism());
/** A child is replaced after so many calls: nothing a context left behind grows for ever. */
const CALLS_PER_CHILD = 1_000;
const HEAP_MIB = 512;

interface Child {
  readonly process: ChildProcess;
  calls: number;
}

/** What a call gave. */
export interface JavaScriptReturn {
  /** JSON of the returned value, if there is one. */
  readonly json?: string;
}

/** Warm child processes for code; each runs one call at a time. */
export class JavaScriptChildren {
  private readonly idle: Child[] = [];
  private readonly all = new Set<Child>();
  private nextId = 1;

  constructor(private readonly settings: JavaScriptSettings) {}

  /** Runs code in a fresh context; the child is killed when the task has to stop. */
  async call(context: TaskContext, code: string, input: string): Promise<JavaScriptReturn> {
    context.signal.throwIfAborted();
    const child = this.idle.pop() ?? this.start();
    child.calls += 1;
    try {
      return await this.exchange(context, child, { id: this.nextId++, code, input });
    } finally {
      this.putBack(child);
    }
  }

  /** Ends all children. */
  close(): void {
    for (const child of this.all) child.process.kill('SIGKILL');
  }

  private exchange(context: TaskContext, child: Child, call: JavaScriptCall): Promise<JavaScriptReturn> {
    const { process: subprocess } = child;
    return new Promise((resolve, reject) => {
      const onMessage = (report: JavaScriptReport) => {
        if (report.id !== call.id) return;
        if (report.kind === 'log') void context.log(report.level, report.text);
        else if (report.kind === 'variable') context.setVariable(report.name, JSON.parse(report.json));
        else if (report.kind === 'returned') finish(() => resolve(report));
        else finish(() => reject(new TaskFailure('user', report.message, { code: 'javascript.threw', detail: { stack: report.stack } })));
      };
      const onExit = (code: number | null, signal: NodeJS.Signals | null) => finish(() => reject(endedFailure(context, code, signal)));
      const kill = () => void subprocess.kill('SIGKILL');
      const finish = (settle: () => void) => {
        subprocess.off('message', onMessage).off('exit', onExit);
        context.signal.removeEventListener('abort', kill);
        settle();
      };
      subprocess.on('message', onMessage).on('exit', onExit);
      context.signal.addEventListener('abort', kill, { once: true });
      subprocess.send(call, (error) => {
        if (error !== null) kill();
      });
    });
  }

  private start(): Child {
    const { processGroups } = this.settings;
    const mark = randomUUID();
    const subprocess = this.spawn(mark);
    const { pid } = subprocess;
    subprocess.on('error', () => undefined);
    if (pid === undefined)
      throw new TaskFailure('plugin', 'The process for JavaScript could not be started', { code: 'javascript.not-started' });
    processGroups?.started(pid, mark);
    const child: Child = { process: subprocess, calls: 0 };
    this.all.add(child);
    subprocess.once('exit', () => {
      this.all.delete(child);
      const place = this.idle.indexOf(child);
      if (place !== -1) this.idle.splice(place, 1);
      processGroups?.ended(pid);
    });
    // An idle child keeps nobody from ending.
    subprocess.unref();
    (subprocess.channel as { unref?(): void } | null)?.unref?.();
    return child;
  }

  /** Without `--permission` code that finds its way to Node's modules could start processes that outlive it. */
  private spawn(mark: string): ChildProcess {
    const program = fileURLToPath(this.settings.childProgram);
    const rights = ['--permission', `--allow-fs-read=${join(dirname(program), '*')}`];
    return spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, '--disable-warning=ExperimentalWarning', ...rights, program], {
      detached: true,
      env: { PATH: this.settings.path, LANG: 'C.UTF-8', [COMMAND_MARK]: mark },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  private putBack(child: Child): void {
    if (!this.all.has(child) || child.process.killed) return;
    if (this.idle.length < WARM_CHILDREN && child.calls < CALLS_PER_CHILD) this.idle.push(child);
    else child.process.kill('SIGKILL');
  }
}

const endedFailure = (context: TaskContext, code: number | null, signal: NodeJS.Signals | null): TaskFailure => {
  const reason: unknown = context.signal.reason;
  if (reason instanceof StopOrder) return new TaskFailure('user', reason.message);
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  return new TaskFailure('user', `The process of the code ended ${how}; it may use ${HEAP_MIB} MiB of memory`, {
    code: 'javascript.ended',
  });
};
