import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** A choice of few things, with its name. */
@Component({
  selector: 'ol-choice-field',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'field' },
  template: `
    <label [for]="fieldId()">{{ label() | transloco }}</label>
    <select class="select" [id]="fieldId()" [name]="name()" (change)="chosen.emit($any($event.target).value)">
      @for (choice of choices(); track choice) {
        <option [value]="choice" [selected]="choice === value()">{{ words() + choice | transloco }}</option>
      }
    </select>
  `,
})
export class ChoiceField<Choice extends string> {
  readonly fieldId = input.required<string>();
  readonly name = input.required<string>();
  /** Key of its words. */
  readonly label = input.required<string>();
  readonly choices = input.required<readonly Choice[]>();
  /** What the keys of the choices' words begin with. */
  readonly words = input.required<string>();
  readonly value = input.required<Choice>();
  readonly chosen = output<Choice>();
}
