import { booleanAttribute, ChangeDetectionStrategy, Component, input, numberAttribute, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** A line of text with its name, what is offered for it, and a hint. */
@Component({
  selector: 'ol-text-field',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'field' },
  template: `
    <label [for]="fieldId()">{{ label() | transloco }}</label>
    <input
      class="input"
      [id]="fieldId()"
      [class.mono]="isCode()"
      [name]="name()"
      [type]="type()"
      [required]="required()"
      [attr.maxlength]="most()"
      [attr.min]="min()"
      [attr.max]="max()"
      [attr.placeholder]="placeholder()"
      [attr.list]="offered() ? fieldId() + '-offered' : null"
      [value]="value()"
      (input)="typed.emit($any($event.target).value)"
      (change)="changed.emit($any($event.target).value)"
    />
    @if (offered(); as offered) {
      <datalist [id]="fieldId() + '-offered'">
        @for (one of offered; track one) {
          <option [value]="one"></option>
        }
      </datalist>
    }
    @if (hint(); as hint) {
      <span class="hint">{{ hint | transloco }}</span>
    }
  `,
})
export class TextField {
  readonly fieldId = input.required<string>();
  readonly name = input.required<string>();
  /** Key of its words. */
  readonly label = input.required<string>();
  readonly value = input<string | number>('');
  readonly type = input<'text' | 'number'>('text');
  readonly required = input(false, { transform: booleanAttribute });
  /** Code stands in letters of one width. */
  readonly isCode = input(false, { transform: booleanAttribute });
  /** Most characters. */
  readonly most = input(undefined, { transform: numberAttribute });
  readonly min = input(undefined, { transform: numberAttribute });
  readonly max = input(undefined, { transform: numberAttribute });
  readonly placeholder = input<string>();
  /** What may be meant, while somebody writes. */
  readonly offered = input<readonly string[]>();
  /** Key of what is said below. */
  readonly hint = input<string>();
  /** The text after every key. */
  readonly typed = output<string>();
  /** The text when it is left. */
  readonly changed = output<string>();
}
