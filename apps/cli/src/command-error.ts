/** Exit codes of the command; scripts rely on them. */
export const EXIT = {
  success: 0,
  /** The run ended, but not in SUCCESS. */
  failedRun: 1,
  /** The input or the operation was refused; nothing was changed. */
  refused: 2,
  /** The server (or the database) cannot be reached, or it does not let us in. */
  unreachable: 3,
  /** A fault of this program itself (as sysexits' EX_SOFTWARE). */
  fault: 70,
} as const;

/** Number a command ends with. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An ending that is not a success, told to a person: what happened, and in `advice` what to do. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    readonly advice?: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** Nobody answers, or not now: the same request may succeed later. */
export class UnreachableError extends CommandError {
  constructor(message: string, advice?: string) {
    super(message, EXIT.unreachable, advice);
    this.name = 'UnreachableError';
  }
}

/** The server does not know who is asking (any more). */
export class NotLetIn extends CommandError {
  constructor(message: string, advice?: string) {
    super(message, EXIT.unreachable, advice);
    this.name = 'NotLetIn';
  }
}

/** The input cannot be taken as it is. */
export const refused = (message: string, advice?: string): CommandError => new CommandError(message, EXIT.refused, advice);

/** We are not let in. */
export const notAllowed = (message: string, advice?: string): CommandError => new CommandError(message, EXIT.unreachable, advice);
