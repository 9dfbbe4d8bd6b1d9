import type { Problem } from '@orderlines/contracts';
import { pathText } from '../source.js';

/** A place in the older document. */
export type Path = readonly (string | number)[];

/** Everything an import has to tell: what is wrong, and what became something else. */
export class Report {
  readonly problems: Problem[] = [];
  readonly converted: string[] = [];

  /** Something that stops the import. `code` without its prefix `legacy.`. */
  error(path: Path, code: string, message: string): void {
    this.problems.push({ code: `legacy.${code}`, message, path: pathText(path), severity: 'error' });
  }

  /** Something that the older runner accepted and people should look at. */
  warning(path: Path, code: string, message: string): void {
    this.problems.push({ code: `legacy.${code}`, message, path: pathText(path), severity: 'warning' });
  }

  /** One sentence about something that is now written in another way. */
  note(sentence: string): void {
    this.converted.push(sentence);
  }

  /** True when nothing stops the import. */
  get succeeded(): boolean {
    return this.problems.every((problem) => problem.severity !== 'error');
  }
}
