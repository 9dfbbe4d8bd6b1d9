import type { Readable, Writable } from 'node:stream';

/** Environment variables of the command. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything a command may read from and write to, so that a test can stand in for a person. */
export interface Terminal {
  readonly environment: Environment;
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Results: what scripts read. */
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Progress, notices, errors: what people read. */
  readonly notices: Writable & { readonly isTTY?: boolean };
}

/** Writes a line of the result. */
export const say = (terminal: Terminal, line: string): void => void terminal.output.write(`${line}\n`);

/** Writes a line that is not part of the result. */
export const notice = (terminal: Terminal, line: string): void => void terminal.notices.write(`${line}\n`);
