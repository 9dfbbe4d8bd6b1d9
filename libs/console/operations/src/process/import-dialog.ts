import { DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Problem, SavedProcess } from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { NzIconDirective } from 'ng-zorro-antd/icon';

/** Takes a definition, of this format or the older one, from a file or as text, and stores it as the next version. */
@Component({
  selector: 'ol-import',
  imports: [NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog wide" (submit)="$event.preventDefault(); store(text.value)" aria-labelledby="import-title">
      <header>
        <h2 id="import-title">{{ 'import.title' | transloco }}</h2>
      </header>
      <div class="body">
        <p class="soft">{{ 'import.hint' | transloco }}</p>
        <div class="field">
          <label for="import-file">{{ 'import.file' | transloco }}</label>
          <input id="import-file" class="input" type="file" accept=".yaml,.yml,.json" (change)="read($event, text)" />
        </div>
        <div class="field">
          <label for="import-text">{{ 'import.text' | transloco }}</label>
          <textarea #text id="import-text" class="textarea tall" required spellcheck="false"></textarea>
        </div>
        @if (message(); as message) {
          <div class="notice error" role="alert"><nz-icon nzType="close-circle" aria-hidden="true" />{{ message }}</div>
        }
        @for (problem of problems(); track $index) {
          <p>
            <span class="tag failure">{{ problem.line ?? '' }}</span> <code>{{ problem.path }}</code> {{ problem.message }}
          </p>
        }
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit" [disabled]="isWaiting()">{{ 'import.store' | transloco }}</button>
      </footer>
    </form>
  `,
  styles: `
    .tall {
      min-height: 320px;
    }
  `,
})
export class ImportDialog {
  private readonly api = inject(Api);
  protected readonly dialog = inject<DialogRef<SavedProcess>>(DialogRef);
  protected readonly isWaiting = signal(false);
  protected readonly message = signal('');
  protected readonly problems = signal<readonly Problem[]>([]);

  protected async read(event: Event, text: HTMLTextAreaElement): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) text.value = await file.text();
  }

  protected async store(content: string): Promise<void> {
    this.isWaiting.set(true);
    this.message.set('');
    this.problems.set([]);
    try {
      this.dialog.close(await this.api.call('POST processes', { body: { content } }));
    } catch (error) {
      const { message, details } = toProblem(error);
      this.message.set(message);
      this.problems.set(details.errors ?? []);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
