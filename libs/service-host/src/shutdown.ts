import { describeError } from './orderlines-error.js';
import type { Logger } from './logger.js';

/** Closes what a service owns, in the reverse order of its opening, within a limit. */
export class Shutdown {
  private readonly closers: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly logger: Logger,
    /** Milliseconds for all closing together. */
    private readonly limitMs = 30_000,
  ) {}

  /** Remembers how to close what has just been opened. */
  add(name: string, close: () => Promise<void> | void): void {
    this.closers.push({ name, close });
  }

  /** Closes everything once; a second call waits for the first. A closer that fails does not keep the others from running. */
  close(): Promise<void> {
    this.running ??= this.closeAll();
    return this.running;
  }

  private async closeAll(): Promise<void> {
    const end = Date.now() + this.limitMs;
    for (const { name, close } of this.closers.reverse()) {
      try {
        await within(Math.max(end - Date.now(), 100), close);
      } catch (error) {
        this.logger.error({ err: error, part: name }, `could not close ${name}: ${describeError(error)}`);
      }
    }
  }

  /** SIGTERM and SIGINT close the service and end the process; a second signal ends it at once. */
  onSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (this.running !== undefined) process.exit(130);
        this.logger.info({ signal }, 'shutting down');
        void this.close().then(() => process.exit(0));
      });
    }
  }
}

const within = async (limitMs: number, close: () => Promise<void> | void): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not closed within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([Promise.resolve().then(close), limit]);
  } finally {
    clearTimeout(timer);
  }
};
