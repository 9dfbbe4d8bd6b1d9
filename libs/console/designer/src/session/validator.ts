import { Injectable, signal, type OnDestroy } from '@angular/core';
import type { Problem } from '@orderlines/contracts';
import type { TaskTypeCatalogue } from '@orderlines/process-engine';
import type { ValidationAnswer, ValidationQuestion } from './validation.worker.js';

/** Checks what is being edited with the server's own validator, beside the page's thread. Of several questions the last one counts. */
@Injectable()
export class Validator implements OnDestroy {
  private readonly worker = new Worker(new URL('./validation.worker', import.meta.url), { type: 'module' });
  private readonly found = signal<readonly Problem[]>([]);
  private asked = 0;
  readonly problems = this.found.asReadonly();

  constructor() {
    this.worker.onmessage = ({ data: { number, problems } }: MessageEvent<ValidationAnswer>) => {
      if (number === this.asked) this.found.set(problems);
    };
  }

  check(text: string, taskTypes: TaskTypeCatalogue): void {
    this.asked += 1;
    const question: ValidationQuestion = { number: this.asked, text, taskTypes };
    this.worker.postMessage(question);
  }

  ngOnDestroy(): void {
    this.worker.terminate();
  }
}
