import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, input, output, signal, viewChild } from '@angular/core';
import { completionsAt, wordAt, type Completion } from '../model/completion.js';
import { DesignerSession } from '../session/designer-session.js';
import { SecretNames } from '../session/secret-names.js';
import { TaskTypes } from '../session/task-types.js';

const MOST = 12;

/** A text with expressions: inside `${{ }}` it offers what can be read there. */
@Component({
  selector: 'ol-expression-input',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <textarea
      #field
      class="textarea"
      [class.plain]="!code()"
      [id]="fieldId()"
      [rows]="rows()"
      [value]="value()"
      [placeholder]="placeholder()"
      [attr.aria-label]="label() || null"
      [attr.data-test]="test() || null"
      spellcheck="false"
      role="combobox"
      aria-autocomplete="list"
      [attr.aria-expanded]="offered().length > 0"
      [attr.aria-controls]="fieldId() + '-offered'"
      (input)="typed(field)"
      (click)="looked(field)"
      (keydown)="pressed($event, field)"
      (blur)="close()"
    ></textarea>
    <ul class="menu" role="listbox" [id]="fieldId() + '-offered'" [hidden]="offered().length === 0">
      @for (completion of offered(); track completion.text; let index = $index) {
        <li
          role="option"
          [attr.aria-selected]="index === at()"
          [class.at]="index === at()"
          (mousedown)="$event.preventDefault(); take(completion, field)"
        >
          <code>{{ completion.text }}</code>
          <span class="soft">{{ completion.detail }}</span>
        </li>
      }
    </ul>
  `,
  styles: `
    :host {
      position: relative;
      display: block;
    }
    .textarea {
      min-height: 32px;
      white-space: pre-wrap;
    }
    .plain {
      font: inherit;
    }
    .textarea[rows='1'] {
      resize: none;
    }
    ul {
      position: absolute;
      z-index: 20;
      left: 0;
      width: 100%;
      max-height: 240px;
      margin: 2px 0 0;
      list-style: none;
    }
    ul[hidden] {
      display: none;
    }
    li {
      display: flex;
      justify-content: space-between;
      gap: 8px;
      padding: 3px 8px;
      cursor: pointer;
    }
    li.at {
      background: var(--hover);
    }
  `,
})
export class ExpressionInput {
  private readonly session = inject(DesignerSession);
  private readonly taskTypes = inject(TaskTypes);
  private readonly secrets = inject(SecretNames);
  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');

  readonly value = input('');
  readonly fieldId = input.required<string>();
  readonly placeholder = input('');
  readonly label = input('');
  readonly test = input('');
  /** True: the whole field is an expression, without \`\${{ }}\`. */
  readonly bare = input(false);
  readonly code = input(true);
  readonly rows = input(1);
  readonly changed = output<string>();

  private readonly place = signal<{ readonly from: number; readonly word: string } | undefined>(undefined);
  protected readonly at = signal(0);
  protected readonly offered = computed(() => {
    const place = this.place();
    if (place === undefined) return [];
    const word = place.word.toLowerCase();
    const all = completionsAt(this.session.document(), this.session.chosen()?.id, this.taskTypes.catalogue(), this.secrets.names());
    return all.filter(({ text }) => text.toLowerCase().includes(word) && text !== place.word).slice(0, MOST);
  });

  protected typed(field: HTMLTextAreaElement): void {
    this.changed.emit(field.value);
    this.looked(field);
  }

  protected looked(field: HTMLTextAreaElement): void {
    this.place.set(wordAt(field.value, field.selectionStart, this.bare()));
    this.at.set(0);
  }

  protected close(): void {
    this.place.set(undefined);
  }

  protected pressed(event: KeyboardEvent, field: HTMLTextAreaElement): void {
    const offered = this.offered();
    if (offered.length === 0) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const completion = offered[this.at()];
    if (step !== 0) this.at.update((at) => (at + step + offered.length) % offered.length);
    else if (event.key === 'Escape') this.close();
    else if ((event.key === 'Enter' || event.key === 'Tab') && completion !== undefined) this.take(completion, field);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected take({ text }: Completion, field: HTMLTextAreaElement): void {
    const place = this.place();
    if (place === undefined) return;
    const end = place.from + place.word.length;
    field.setRangeText(text, place.from, end, 'end');
    this.changed.emit(field.value);
    this.close();
    this.field().nativeElement.focus();
  }
}
