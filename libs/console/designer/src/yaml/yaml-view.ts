import { ChangeDetectionStrategy, Component, effect, ElementRef, inject, input, untracked, viewChild, type OnDestroy } from '@angular/core';
import { Theme } from '@orderlines/console/ui';
import type { editor } from 'monaco-editor/editor/editor.api.js';
import { DesignerSession } from '../session/designer-session.js';
import { monaco, type MonacoApi } from './monaco.js';

const TAKE_AFTER_MS = 300;

/** The definition as YAML; the canvas follows what is typed, and the text follows the canvas. */
@Component({
  selector: 'ol-yaml-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<div #host class="host" data-test="yaml"></div>`,
  styles: `
    :host,
    .host {
      display: block;
      height: 100%;
      min-height: 0;
    }
  `,
})
export class YamlView implements OnDestroy {
  private readonly session = inject(DesignerSession);
  private readonly theme = inject(Theme);
  private readonly host = viewChild.required<ElementRef<HTMLElement>>('host');
  readonly editable = input(true);

  private api: MonacoApi | undefined;
  private editor: editor.IStandaloneCodeEditor | undefined;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  /** What the editor has said last, so that its own words do not come back to it. */
  private said = '';
  private isGone = false;

  constructor() {
    effect(() => {
      const text = this.session.text();
      if (this.editor === undefined || text === this.said || this.waiting !== undefined) return;
      this.said = text;
      this.editor.setValue(text);
    });
    effect(() => {
      const problems = this.session.problems();
      const model = this.editor?.getModel();
      if (this.api === undefined || !model) return;
      const { Error: error, Warning: warning } = this.api.MarkerSeverity;
      const markers = problems.map(({ message, line = 1, column = 1, severity }) => ({
        message,
        severity: severity === 'error' ? error : warning,
        startLineNumber: line,
        startColumn: column,
        endLineNumber: line,
        endColumn: model.getLineMaxColumn(Math.min(line, model.getLineCount())),
      }));
      this.api.editor.setModelMarkers(model, 'orderlines', markers);
    });
    effect(() => {
      const name = this.theme.isDark() ? 'vs-dark' : 'vs';
      this.api?.editor.setTheme(name);
    });
    effect(() => {
      const host = this.host().nativeElement;
      untracked(() => void this.begin(host));
    });
  }

  private async begin(host: HTMLElement): Promise<void> {
    this.api = await monaco();
    if (this.isGone) return;
    this.said = this.session.text();
    this.editor = this.api.editor.create(host, {
      value: this.said,
      language: 'yaml',
      theme: this.theme.isDark() ? 'vs-dark' : 'vs',
      readOnly: !this.editable(),
      automaticLayout: true,
      minimap: { enabled: false },
      fontSize: 13,
      tabSize: 2,
      scrollBeyondLastLine: false,
    });
    this.editor.onDidChangeModelContent(() => this.changed());
  }

  private changed(): void {
    const text = this.editor?.getValue() ?? '';
    if (text === this.said) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      this.said = text;
      this.session.take(text);
    }, TAKE_AFTER_MS);
  }

  ngOnDestroy(): void {
    this.isGone = true;
    clearTimeout(this.waiting);
    if (this.waiting !== undefined) this.session.take(this.editor?.getValue() ?? this.said);
    this.editor?.getModel()?.dispose();
    this.editor?.dispose();
  }
}
