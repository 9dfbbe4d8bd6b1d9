import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ProcessDocument } from '@orderlines/process-engine';
import { merge, type Choice, type Conflict } from '../model/merge.js';

/** Two drafts that both began from a third. */
export interface MergeQuestion {
  readonly base: ProcessDocument;
  readonly mine: ProcessDocument;
  readonly theirs: ProcessDocument;
  /** Who saved the other one. */
  readonly user: string;
}

/** Brings one's own work and somebody else's newer draft together, node by node. */
@Component({
  selector: 'ol-merge-dialog',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="dialog wide" aria-labelledby="merge-title">
      <header>
        <h2 id="merge-title">{{ 'designer.merge.title' | transloco }}</h2>
      </header>
      <div class="body">
        <p>{{ 'designer.merge.what' | transloco: { user: question.user } }}</p>
        @for (conflict of conflicts(); track conflict.kind + conflict.name) {
          <fieldset>
            <legend>{{ 'designer.merge.' + conflict.kind | transloco: { name: conflict.name } }}</legend>
            @for (side of sides; track side) {
              <label class="side" [class.taken]="choiceOf(conflict) === side">
                <span class="check">
                  <input
                    type="radio"
                    [name]="conflict.kind + conflict.name"
                    [checked]="choiceOf(conflict) === side"
                    (change)="choose(conflict, side)"
                  />
                  {{ 'designer.merge.' + side | transloco }}
                </span>
                <pre>{{ shown(conflict[side]) }}</pre>
              </label>
            }
          </fieldset>
        } @empty {
          <p class="notice">{{ 'designer.merge.none' | transloco }}</p>
        }
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="button" data-test="merge" (click)="dialog.close(merged().document)">
          {{ 'designer.merge.save' | transloco }}
        </button>
      </footer>
    </section>
  `,
  styles: `
    fieldset {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 10px;
      border: 1px solid var(--line);
      border-radius: 8px;
    }
    .side {
      padding: 8px;
      border: 1px solid var(--line);
      border-radius: 6px;
    }
    .side.taken {
      border-color: var(--accent);
      background: var(--accent-soft);
    }
    pre {
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
  `,
})
export class MergeDialog {
  protected readonly question = inject<MergeQuestion>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<ProcessDocument>>(DialogRef);
  protected readonly sides: readonly Choice[] = ['mine', 'theirs'];
  private readonly choices = signal<ReadonlyMap<string, Choice>>(new Map());

  protected readonly merged = computed(() => {
    const { base, mine, theirs } = this.question;
    return merge(base, mine, theirs, ({ kind, name }) => this.choices().get(`${kind} ${name}`));
  });
  protected readonly conflicts = computed(() => this.merged().conflicts);

  protected choiceOf({ kind, name }: Conflict): Choice {
    return this.choices().get(`${kind} ${name}`) ?? 'mine';
  }

  protected choose({ kind, name }: Conflict, choice: Choice): void {
    this.choices.update((choices) => new Map([...choices, [`${kind} ${name}`, choice]]));
  }

  protected shown(value: unknown): string {
    return value === undefined ? '—' : JSON.stringify(value, null, 2);
  }
}
