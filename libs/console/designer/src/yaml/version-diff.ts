import { ChangeDetectionStrategy, Component, effect, ElementRef, inject, signal, viewChild, type OnDestroy } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Theme, Toasts } from '@orderlines/console/ui';
import type { editor } from 'monaco-editor/editor/editor.api.js';
import { monaco } from './monaco.js';

/** What is compared: the text in the editor with that of a version. */
export interface DiffQuestion {
  readonly text: string;
  readonly latestVersion: number;
  readonly read: (version: number) => Promise<string>;
}

/** Shows what has changed since a version. */
@Component({
  selector: 'ol-version-diff',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="dialog wide" aria-labelledby="diff-title">
      <header>
        <h2 id="diff-title">{{ 'designer.diff.title' | transloco }}</h2>
        <select class="select" [attr.aria-label]="'designer.key.version' | transloco" (change)="version.set(+chosen.value)" #chosen>
          @for (number of versions; track number) {
            <option [value]="number">{{ 'designer.version' | transloco: { number } }}</option>
          }
        </select>
      </header>
      <div class="body"><div #host class="host"></div></div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.close' | transloco }}</button>
      </footer>
    </section>
  `,
  styles: `
    .host {
      height: 60vh;
    }
    .select {
      width: auto;
    }
  `,
})
export class VersionDiff implements OnDestroy {
  protected readonly question = inject<DiffQuestion>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef>(DialogRef);
  private readonly theme = inject(Theme);
  private readonly toasts = inject(Toasts);
  private readonly host = viewChild.required<ElementRef<HTMLElement>>('host');
  protected readonly versions = Array.from({ length: this.question.latestVersion }, (_, index) => this.question.latestVersion - index);
  protected readonly version = signal(this.question.latestVersion);
  private editor: editor.IStandaloneDiffEditor | undefined;

  constructor() {
    effect(() => void this.compare(this.host().nativeElement, this.version()).catch((error: unknown) => this.toasts.problem(error)));
  }

  private async compare(host: HTMLElement, version: number): Promise<void> {
    const [api, before] = await Promise.all([monaco(), this.question.read(version)]);
    this.editor ??= api.editor.createDiffEditor(host, {
      readOnly: true,
      automaticLayout: true,
      theme: this.theme.isDark() ? 'vs-dark' : 'vs',
    });
    this.disposeModels();
    this.editor.setModel({
      original: api.editor.createModel(before, 'yaml'),
      modified: api.editor.createModel(this.question.text, 'yaml'),
    });
  }

  private disposeModels(): void {
    const model = this.editor?.getModel();
    this.editor?.setModel(null);
    model?.original.dispose();
    model?.modified.dispose();
  }

  ngOnDestroy(): void {
    this.disposeModels();
    this.editor?.dispose();
  }
}
