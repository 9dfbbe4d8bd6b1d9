import {
  ChangeDetectionStrategy,
  Component,
  effect,
  ElementRef,
  inject,
  input,
  output,
  untracked,
  viewChild,
  type OnDestroy,
} from '@angular/core';
import { Theme } from '@orderlines/console/ui';
import type { editor } from 'monaco-editor/editor/editor.api.js';
import { monaco, type MonacoApi } from '../yaml/monaco.js';

/** What the manifests call a language, by its name in the code editor. */
const LANGUAGES: Readonly<Record<string, string>> = { node: 'javascript', bash: 'shell', sh: 'shell', python3: 'python' };

/** Code of a task, in the code editor. */
@Component({
  selector: 'ol-code-input',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<div #host class="host" [attr.data-code]="fieldId()"></div>`,
  styles: `
    .host {
      overflow: hidden;
      height: 190px;
      resize: vertical;
      border: 1px solid var(--line-strong);
      border-radius: 6px;
    }
  `,
})
export class CodeInput implements OnDestroy {
  private readonly theme = inject(Theme);
  private readonly host = viewChild.required<ElementRef<HTMLElement>>('host');
  readonly fieldId = input.required<string>();
  readonly value = input('');
  readonly language = input('');
  readonly label = input('');
  readonly changed = output<string>();

  private api: MonacoApi | undefined;
  private editor: editor.IStandaloneCodeEditor | undefined;
  private isGone = false;

  constructor() {
    effect(() => {
      const host = this.host().nativeElement;
      untracked(() => void this.begin(host));
    });
    effect(() => {
      const value = this.value();
      if (this.editor !== undefined && value !== this.editor.getValue()) this.editor.setValue(value);
    });
    effect(() => {
      const [language, isDark] = [this.languageName(), this.theme.isDark()];
      const model = this.editor?.getModel();
      if (model) this.api?.editor.setModelLanguage(model, language);
      this.api?.editor.setTheme(isDark ? 'vs-dark' : 'vs');
    });
  }

  private languageName(): string {
    return LANGUAGES[this.language()] ?? this.language();
  }

  private async begin(host: HTMLElement): Promise<void> {
    this.api = await monaco();
    if (this.isGone) return;
    this.editor = this.api.editor.create(host, {
      value: this.value(),
      language: this.languageName(),
      theme: this.theme.isDark() ? 'vs-dark' : 'vs',
      ariaLabel: this.label(),
      automaticLayout: true,
      minimap: { enabled: false },
      lineNumbersMinChars: 3,
      fontSize: 13,
      tabSize: 2,
      // The way out of the field by the keyboard.
      tabFocusMode: true,
      scrollBeyondLastLine: false,
      fixedOverflowWidgets: true,
    });
    this.editor.onDidChangeModelContent(() => {
      const text = this.editor?.getValue() ?? '';
      if (text !== this.value()) this.changed.emit(text);
    });
  }

  ngOnDestroy(): void {
    this.isGone = true;
    this.editor?.getModel()?.dispose();
    this.editor?.dispose();
  }
}
