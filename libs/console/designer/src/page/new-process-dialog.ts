import { DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DEFAULT_NAMESPACE } from '@orderlines/process-engine';

/** What a new process is called and where it lives. */
export interface NewProcess {
  readonly name: string;
  readonly namespace: string;
  readonly description: string;
}

/** Asks for the name of a new process. */
@Component({
  selector: 'ol-new-process-dialog',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" aria-labelledby="new-title" (submit)="$event.preventDefault(); create()">
      <header>
        <h2 id="new-title">{{ 'designer.new.title' | transloco }}</h2>
      </header>
      <div class="body">
        <div class="field">
          <label for="new-name">{{ 'designer.key.name' | transloco }}</label>
          <input
            class="input"
            id="new-name"
            cdkFocusInitial
            autocomplete="off"
            maxlength="128"
            [value]="name()"
            (input)="name.set(named.value)"
            #named
          />
        </div>
        <div class="field">
          <label for="new-namespace">{{ 'designer.key.namespace' | transloco }}</label>
          <input
            class="input"
            id="new-namespace"
            autocomplete="off"
            maxlength="64"
            [value]="namespace()"
            (input)="namespace.set(where.value)"
            #where
          />
        </div>
        <div class="field">
          <label for="new-description">{{ 'designer.key.description' | transloco }}</label>
          <textarea class="textarea" id="new-description" [value]="description()" (input)="description.set(what.value)" #what></textarea>
        </div>
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit" data-test="create" [disabled]="name().trim() === ''">
          {{ 'designer.new.create' | transloco }}
        </button>
      </footer>
    </form>
  `,
})
export class NewProcessDialog {
  protected readonly dialog = inject<DialogRef<NewProcess>>(DialogRef);
  protected readonly name = signal('');
  protected readonly namespace = signal<string>(DEFAULT_NAMESPACE);
  protected readonly description = signal('');

  protected create(): void {
    const [name, namespace, description] = [this.name().trim(), this.namespace().trim() || DEFAULT_NAMESPACE, this.description().trim()];
    if (name !== '') this.dialog.close({ name, namespace, description });
  }
}
