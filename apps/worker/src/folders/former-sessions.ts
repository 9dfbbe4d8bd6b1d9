import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** So many sessions can end one after the other without an executor hearing of it; what is older has lost its lease. */
const KEPT = 16;
const Sessions = z.array(z.uuid()).max(KEPT + 1);

/**
 * The sessions that ran on a worker's folder before this one, kept until an executor has heard that they are over. Who holds the folder's
 * lock knows that their processes are dead, and has killed what they left.
 */
export class FormerSessions {
  private readonly file: string;
  /** The newest first. */
  readonly ids: readonly string[];
  private isSettled = false;

  constructor(
    folder: string,
    private readonly session: string,
  ) {
    this.file = join(folder, 'sessions.json');
    this.ids = this.read().slice(0, KEPT);
    this.write([session, ...this.ids]);
  }

  /** An executor has heard of them. */
  settle(): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.write([this.session]);
  }

  /** A file that cannot be read costs the wait for a lease. */
  private read(): string[] {
    try {
      return Sessions.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch {
      return [];
    }
  }

  private write(sessions: readonly string[]): void {
    writeFileSync(`${this.file}.new`, JSON.stringify(sessions));
    renameSync(`${this.file}.new`, this.file);
  }
}
