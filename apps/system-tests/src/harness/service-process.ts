import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';
import { builtProgram } from './workspace.js';

/** Lines of a service's output that are kept for a failing test, unless it wants more. */
const KEPT_LINES = 300;

/** How a service is started. */
export interface ServiceSettings {
  /** What messages call it. */
  readonly name: string;
  /** The app whose built `main.js` runs. */
  readonly app: string;
  readonly arguments?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Newest lines of its output that are kept. */
  readonly keptLines?: number | undefined;
  /** Where it says that it is ready; absent: it is when it runs. */
  readonly readyUrl?: string;
}

/** A built service as a process of its own, which a test may kill, freeze and start again. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private readonly lines: string[] = [];

  constructor(readonly settings: ServiceSettings) {}

  /** Process id; throws when it does not run. */
  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.settings.name} does not run`);
    return this.child.pid;
  }

  /** The newest lines it wrote. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** Starts the process, told also this, and waits until it says that it is ready. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<this> {
    this.launch(more);
    await this.ready();
    return this;
  }

  /** Starts the process without waiting. */
  launch(more: Readonly<Record<string, string>> = {}): void {
    const { app, name, environment } = this.settings;
    const child = spawn(process.execPath, [builtProgram(app), ...(this.settings.arguments ?? [])], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.lines.push(...text.split('\n').filter(Boolean));
        this.lines.splice(0, this.lines.length - (this.settings.keptLines ?? KEPT_LINES));
      });
    }
    child.on('error', (error) => this.lines.push(`${name} could not be started: ${error.message}`));
    this.child = child;
  }

  /** Throws with what it wrote last when it ended without being asked to. */
  expectRunning(): void {
    const { exitCode = null, signalCode = null } = this.child ?? {};
    if (exitCode === null && signalCode === null) return;
    throw new Error(`${this.settings.name} ended by itself (${signalCode ?? exitCode})\n--- output of it:\n${this.output}`);
  }

  /** Waits until the service says that it is ready. */
  async ready(limitMs = 60_000): Promise<void> {
    const { readyUrl, name } = this.settings;
    if (readyUrl === undefined) return;
    try {
      await eventually(
        `${name} is ready`,
        async () => {
          if (this.child?.exitCode !== null) throw new Error(`it ended with code ${this.child?.exitCode}`);
          const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(3_000) });
          if (!answer.ok) throw new Error(await answer.text());
          return true;
        },
        { limitMs },
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}\n--- output of ${name}:\n${this.output}`, { cause: error });
    }
  }

  /** Kills it without a chance to say goodbye. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end, and waits for that. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Freezes it, as a paused virtual machine would be. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  /** Lets a frozen process go on. */
  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    const backstop = setTimeout(() => child.kill('SIGKILL'), 40_000);
    await ended;
    clearTimeout(backstop);
  }
}
