import type { Problem } from '@orderlines/contracts';
import type { ValuePath } from '../../variables/parse-template.js';
import { pathText, type Position, type Source } from '../source.js';

/** Problems shown of one definition; people repair the first ones first. */
export const MAX_PROBLEMS = 200;
/** Problems worded and placed of one definition, from which those are taken; a definition that is wrong in every line has thousands. */
const MAX_WORDED = 300;

/** What is wrong, in words; as a function where finding the words is work. */
export type Wording = string | (() => string);

/** Collects the problems of one definition with their places. */
export class Report {
  private readonly found: Problem[] = [];
  private readonly known = new Set<string>();
  private unworded = 0;

  /** @param source the text, where there is one: problems then carry line and column. */
  constructor(readonly source?: Pick<Source, 'positionOf' | 'positionOfKey' | 'positionIn' | 'typed'>) {}

  /** What is wrong with the value at a path. `code` without its prefix `definition.`. */
  error(path: ValuePath, code: string, message: Wording): void {
    this.add('error', path, code, message, () => this.source?.positionOf(path));
  }

  /** What is wrong with the key at a path. */
  keyError(path: ValuePath, code: string, message: Wording): void {
    this.add('error', path, code, message, () => this.source?.positionOfKey(path));
  }

  /** What is wrong with a character of the text at a path. */
  errorIn(path: ValuePath, offset: number, code: string, message: Wording): void {
    this.add('error', path, code, message, () => this.source?.positionIn(path, offset));
  }

  /** What is allowed at a path and probably not meant. */
  warning(path: ValuePath, code: string, message: Wording): void {
    this.add('warning', path, code, message, () => this.source?.positionOf(path));
  }

  /** All problems, in the order of the text. */
  get problems(): readonly Problem[] {
    const inOrder = [...this.found].sort((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0));
    if (inOrder.length + this.unworded <= MAX_PROBLEMS) return inOrder;
    const errors = inOrder.filter((problem) => problem.severity === 'error');
    const shown = [...errors, ...inOrder.filter((problem) => problem.severity === 'warning')].slice(0, MAX_PROBLEMS);
    const rest = inOrder.length + this.unworded - shown.length;
    return [...shown, { code: 'definition.more', message: `and ${rest} more`, path: '', severity: shown.at(-1)?.severity ?? 'error' }];
  }

  private add(severity: Problem['severity'], path: ValuePath, code: string, wording: Wording, position: () => Position | undefined): void {
    // Warnings leave room for errors, which are shown first.
    if (this.found.length >= (severity === 'error' ? MAX_WORDED : MAX_PROBLEMS)) {
      this.unworded += 1;
      return;
    }
    const message = typeof wording === 'string' ? wording : wording();
    const place = pathText(path);
    const key = `${code} ${place} ${message}`;
    if (this.known.has(key)) return;
    this.known.add(key);
    this.found.push({ code: `definition.${code}`, message, path: place, ...position(), severity });
  }
}
