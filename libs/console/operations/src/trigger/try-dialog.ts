import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { JsonObject, TriedTrigger, TriggerView } from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { JsonView } from '@orderlines/console/ui';
import { sampleOf } from './trigger-draft.js';

/** Shows what a trigger would make of an event; nothing is stored or started. */
@Component({
  selector: 'ol-try-trigger',
  imports: [JsonView, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" (submit)="$event.preventDefault(); try(event.value)">
      <header>
        <h2 id="try-title">{{ 'triggers.tryTitle' | transloco: { name: trigger.name } }}</h2>
      </header>
      <div class="body">
        <div class="field">
          <label for="try-event">{{ 'triggers.tried' | transloco }}</label>
          <textarea
            #event
            id="try-event"
            class="textarea"
            rows="10"
            spellcheck="false"
            aria-describedby="try-hint"
            [value]="sample"
            (input)="tried.set(undefined)"
          ></textarea>
          <span id="try-hint" class="hint">{{ 'triggers.triedHint.' + trigger.kind | transloco }}</span>
        </div>
        @if (problem(); as problem) {
          <div class="notice error" role="alert">{{ problem }}</div>
        }
        @if (tried(); as tried) {
          <div class="stack" aria-live="polite" data-test="tried" [attr.data-matches]="tried.matches">
            <div class="row">
              <span class="tag" [class.success]="tried.matches" [class.warn]="!tried.matches">{{
                (tried.matches ? 'triggers.matches' : 'triggers.matchesNot') | transloco
              }}</span>
              @if (tried.message ?? tried.reason; as reason) {
                <span>{{ reason }}</span>
              }
            </div>
            @if (tried.key) {
              <span
                ><span class="soft">{{ 'triggers.by' | transloco }}</span> <code>{{ tried.key }}</code></span
              >
            }
            @if (tried.params; as params) {
              <h3>{{ 'triggers.params' | transloco }}</h3>
              <ol-json [value]="params" />
            }
          </div>
        }
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.close' | transloco }}</button>
        <button class="button primary" type="submit" [disabled]="isWaiting()">{{ 'triggers.try' | transloco }}</button>
      </footer>
    </form>
  `,
})
export class TryDialog {
  private readonly api = inject(Api);
  protected readonly trigger = inject<TriggerView>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<void>>(DialogRef);
  protected readonly sample = JSON.stringify(sampleOf(this.trigger), null, 2);
  protected readonly tried = signal<TriedTrigger | undefined>(undefined);
  protected readonly problem = signal('');
  protected readonly isWaiting = signal(false);

  protected async try(text: string): Promise<void> {
    this.isWaiting.set(true);
    this.problem.set('');
    this.tried.set(undefined);
    try {
      const event = JSON.parse(text) as JsonObject;
      this.tried.set(await this.api.call('POST triggers/:id/try', { id: this.trigger.id, body: { event } }));
    } catch (error) {
      this.problem.set(error instanceof SyntaxError ? error.message : toProblem(error).message);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
