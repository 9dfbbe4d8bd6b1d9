import { computed, inject, Injectable, signal } from '@angular/core';
import { Dialogs } from '@orderlines/console/ui';
import { DesignerSession } from '../session/designer-session.js';
import { Drafts } from '../session/drafts.js';
import { VersionDiff, type DiffAnswer, type DiffQuestion } from '../yaml/version-diff.js';

/** The version that the canvas is compared with, and how its nodes differ from it. */
@Injectable()
export class Comparison {
  private readonly session = inject(DesignerSession);
  private readonly drafts = inject(Drafts);
  private readonly dialogs = inject(Dialogs);

  private readonly answer = signal<DiffAnswer | undefined>(undefined);
  readonly shown = this.answer.asReadonly();
  readonly changes = computed(() => new Map((this.answer()?.nodes ?? []).map(({ id, change }) => [id, change])));
  readonly removed = computed(() => (this.answer()?.nodes ?? []).filter(({ change }) => change === 'removed'));

  /** Asks which versions; the answer may be to show it on the canvas. */
  async ask(): Promise<void> {
    const read = (version: number): Promise<string> => this.drafts.version(this.session.processId(), version);
    const question: DiffQuestion = { text: this.session.text(), versions: this.session.versions(), read };
    const answer = await this.dialogs.open<DiffAnswer, DiffQuestion>(VersionDiff, question);
    if (answer !== undefined) this.answer.set(answer);
  }

  close(): void {
    this.answer.set(undefined);
  }
}
