import { inject, Injectable, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { toProblem } from '@orderlines/console/api';

/** A short word to the person, at the edge of the page. */
export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'problem';
  readonly text: string;
  readonly code?: string;
}

const DONE_MS = 4_000;
const PROBLEM_MS = 12_000;
const MOST = 4;

/** What the person is told of what they did. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  private readonly transloco = inject(TranslocoService);
  private readonly shown = signal<readonly Toast[]>([]);
  private next = 1;
  readonly all = this.shown.asReadonly();

  /** Says that something was done, by the key of its text. */
  done(key: string, values: Readonly<Record<string, unknown>> = {}): void {
    this.show({ id: this.next++, kind: 'done', text: this.transloco.translate(key, values) }, DONE_MS);
  }

  /** Says why something was not done. */
  problem(error: unknown): void {
    const { status, code, message } = toProblem(error);
    const text = status === 0 ? this.transloco.translate('ui.unreachable') : message;
    this.show({ id: this.next++, kind: 'problem', text, code }, PROBLEM_MS);
  }

  /** Does something and says that it was done, by the key of its text, or why it was not; true: it was. */
  async tell(work: () => Promise<unknown>, key: string, values: Readonly<Record<string, unknown>> = {}): Promise<boolean> {
    try {
      await work();
      this.done(key, values);
      return true;
    } catch (error) {
      this.problem(error);
      return false;
    }
  }

  /** Says why the page itself does not do something, by the key of its text. */
  refused(key: string, values: Readonly<Record<string, unknown>> = {}): void {
    this.show({ id: this.next++, kind: 'problem', text: this.transloco.translate(key, values) }, PROBLEM_MS);
  }

  dismiss(id: number): void {
    this.shown.update((all) => all.filter((toast) => toast.id !== id));
  }

  private show(toast: Toast, forMs: number): void {
    this.shown.update((all) => [...all.slice(1 - MOST), toast]);
    setTimeout(() => this.dismiss(toast.id), forMs);
  }
}
