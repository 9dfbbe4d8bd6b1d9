import { ChangeDetectionStrategy, Component, computed, effect, ElementRef, inject, signal, viewChild, type OnDestroy } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import type { FieldDifference, NodeDifference } from '@orderlines/contracts';
import { Theme, Toasts } from '@orderlines/console/ui';
import { compareDefinitions, readDefinition } from '@orderlines/process-engine';
import type { editor } from 'monaco-editor/editor/editor.api.js';
import { monaco } from './monaco.js';

/** What is compared: versions, and the text in the editor. */
export interface DiffQuestion {
  readonly text: string;
  /** Numbers of the versions that are there, the newest first. */
  readonly versions: readonly number[];
  readonly read: (version: number) => Promise<string>;
}

/** What the canvas shall show: what became of its nodes since a version. */
export interface DiffAnswer {
  readonly of: number;
  readonly nodes: readonly NodeDifference[];
}

/** Shows how one version became another, or the text in the editor: node by node, and as text. */
@Component({
  selector: 'ol-version-diff',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="dialog wide" aria-labelledby="diff-title">
      <header>
        <h2 id="diff-title">{{ 'designer.diff.title' | transloco }}</h2>
        <select
          class="select"
          [attr.aria-label]="'designer.diff.of' | transloco"
          data-test="diff-of"
          (change)="of.set(+older.value)"
          #older
        >
          @for (number of versions; track number) {
            <option [value]="number" [selected]="number === of()">{{ 'designer.version' | transloco: { number } }}</option>
          }
        </select>
        <span aria-hidden="true">→</span>
        <select
          class="select"
          [attr.aria-label]="'designer.diff.to' | transloco"
          data-test="diff-to"
          (change)="to.set(+newer.value)"
          #newer
        >
          <option [value]="current" [selected]="to() === current">{{ 'designer.diff.current' | transloco }}</option>
          @for (number of versions; track number) {
            <option [value]="number" [selected]="number === to()">{{ 'designer.version' | transloco: { number } }}</option>
          }
        </select>
      </header>
      <div class="body">
        @if (difference(); as found) {
          <ul class="nodes" [attr.aria-label]="'designer.diff.nodes' | transloco">
            @if (found.settings.length > 0) {
              <li data-change="settings">
                <span class="tag">{{ 'designer.diff.settings' | transloco }}</span>
                <span class="soft">{{ named(found.settings) }}</span>
              </li>
            }
            @for (node of found.nodes; track node.path) {
              <li [attr.data-change]="node.change" [attr.data-of]="node.id">
                <span class="tag" [class]="node.change">{{ 'designer.diff.' + node.change | transloco }}</span>
                <code>{{ node.path }}</code>
                <span class="soft">{{ named(node.fields) }}</span>
              </li>
            }
            @if (found.settings.length + found.nodes.length === 0) {
              <li class="soft">{{ 'designer.diff.none' | transloco }}</li>
            }
          </ul>
        }
        <div #host class="host"></div>
      </div>
      <footer>
        @if (to() === current && difference()) {
          <button class="button primary" type="button" data-test="diff-on-canvas" (click)="showOnCanvas()">
            {{ 'designer.diff.onCanvas' | transloco }}
          </button>
        }
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.close' | transloco }}</button>
      </footer>
    </section>
  `,
  styles: `
    .host {
      height: 48vh;
    }
    .nodes {
      display: flex;
      flex-direction: column;
      gap: 4px;
      max-height: 18vh;
      padding: 0;
      margin: 0 0 12px;
      overflow: auto;
      list-style: none;
    }
    .nodes li {
      display: flex;
      align-items: baseline;
      gap: 8px;
    }
    .tag.added {
      background: var(--success-soft);
      color: var(--success);
    }
    .tag.removed {
      background: var(--failure-soft);
      color: var(--failure);
    }
    .tag.changed {
      background: var(--running-soft);
      color: var(--running);
    }
    .tag.moved {
      background: var(--waiting-soft);
      color: var(--waiting);
    }
    .select {
      width: auto;
    }
  `,
})
export class VersionDiff implements OnDestroy {
  protected readonly question = inject<DiffQuestion>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<DiffAnswer>>(DialogRef);
  private readonly theme = inject(Theme);
  private readonly toasts = inject(Toasts);
  private readonly host = viewChild.required<ElementRef<HTMLElement>>('host');
  protected readonly versions = this.question.versions;
  /** Stands for the text in the editor where a version would. */
  protected readonly current = 0;
  protected readonly of = signal(this.versions[0] ?? this.current);
  protected readonly to = signal(this.current);
  private readonly texts = signal<readonly [before: string, after: string] | undefined>(undefined);
  protected readonly difference = computed(() => {
    const [before, after] = (this.texts() ?? []).map((text) => readDefinition(text).document);
    return before === undefined || after === undefined ? undefined : compareDefinitions(before, after);
  });
  private editor: editor.IStandaloneDiffEditor | undefined;

  constructor() {
    effect(() => void this.compare(this.host().nativeElement, this.of(), this.to()).catch((error: unknown) => this.toasts.problem(error)));
  }

  private async compare(host: HTMLElement, of: number, to: number): Promise<void> {
    const [api, before, after] = await Promise.all([monaco(), this.read(of), this.read(to)]);
    if (of !== this.of() || to !== this.to()) return;
    this.texts.set([before, after]);
    this.editor ??= api.editor.createDiffEditor(host, {
      readOnly: true,
      automaticLayout: true,
      theme: this.theme.isDark() ? 'vs-dark' : 'vs',
    });
    this.disposeModels();
    this.editor.setModel({
      original: api.editor.createModel(before, 'yaml'),
      modified: api.editor.createModel(after, 'yaml'),
    });
  }

  private async read(version: number): Promise<string> {
    return version === this.current ? this.question.text : this.question.read(version);
  }

  protected named(fields: readonly FieldDifference[]): string {
    return fields.map(({ field }) => field).join(', ');
  }

  protected showOnCanvas(): void {
    this.dialog.close({ of: this.of(), nodes: this.difference()?.nodes ?? [] });
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
