import type { Command } from 'commander';
import { EXIT, type ExitCode } from './command-error.js';
import { Invocation, type GlobalOptions } from './invocation.js';
import type { Terminal } from './terminal.js';

/** What a command does; the arguments are commander's: the command's own, then its options. No number means success. */
export type Work<Arguments extends unknown[]> = (invocation: Invocation, ...given: Arguments) => Promise<ExitCode | void>;

/** The program while it is being put together and run: commands are added to it, and the one that ran leaves its exit code here. */
export class CommandLine {
  exitCode: number = EXIT.success;

  constructor(
    readonly root: Command,
    private readonly terminal: Terminal,
  ) {}

  /** Makes work an action of commander. */
  action<Arguments extends unknown[]>(work: Work<Arguments>): (...given: [...Arguments, Command]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const invocation = new Invocation(this.terminal, command.optsWithGlobals<GlobalOptions>());
      this.exitCode = (await work(invocation, ...(given.slice(0, -1) as Arguments))) ?? EXIT.success;
    };
  }
}
