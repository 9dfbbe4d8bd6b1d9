import { ChangeDetectionStrategy, Component, effect, input, signal, untracked } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { FormField, Json } from '@orderlines/contracts';

let forms = 0;

/** Values of a form, by the names of its fields. */
export type FormValues = Readonly<Record<string, Json>>;

/** What somebody typed into a field, as the field's type; throws when it is none. */
export const fieldValue = (field: Pick<FormField, 'type'>, text: string): Json => {
  switch (field.type) {
    case 'integer':
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value) || (field.type === 'integer' && !Number.isInteger(value))) throw new Error('number');
      return value;
    }
    case 'boolean':
      return text === 'true';
    case 'list':
    case 'map': {
      const value = JSON.parse(text) as Json;
      if (Array.isArray(value) !== (field.type === 'list') || typeof value !== 'object' || value === null) throw new Error(field.type);
      return value;
    }
    default:
      return text;
  }
};

/** A value as it stands in a field. */
export const fieldText = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** A form of params: of a process that is started, or of an approval. What is left empty and not required keeps its default. */
@Component({
  selector: 'ol-fields-form',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'stack' },
  templateUrl: './fields-form.html',
})
export class FieldsForm {
  readonly fields = input.required<readonly FormField[]>();
  protected readonly texts = signal<Readonly<Record<string, string>>>({});
  protected readonly wrong = signal<Readonly<Record<string, string>>>({});
  protected readonly prefix = `fields-${++forms}-`;

  constructor() {
    effect(() => {
      const fields = this.fields();
      untracked(() => this.texts.set(Object.fromEntries(fields.map((field) => [field.name, plainDefault(field)]))));
    });
  }

  /** The values, or undefined while something is wrong, which the form then shows. */
  read(): FormValues | undefined {
    const values: Record<string, Json> = {};
    const wrong: Record<string, string> = {};
    for (const field of this.fields()) {
      const text = this.texts()[field.name] ?? '';
      if (text === '') {
        if (field.required && field.default === undefined) wrong[field.name] = 'form.required';
        continue;
      }
      try {
        values[field.name] = fieldValue(field, text);
      } catch {
        wrong[field.name] = `form.not.${field.type}`;
      }
    }
    this.wrong.set(wrong);
    return Object.keys(wrong).length === 0 ? values : undefined;
  }

  protected type(field: FormField): string {
    if (field.enum) return 'enum';
    return ['text', 'list', 'map'].includes(field.type) ? 'area' : field.type;
  }

  protected inputType(field: FormField): string {
    return { integer: 'number', number: 'number', date: 'date', datetime: 'datetime-local' }[field.type] ?? 'text';
  }

  protected text = fieldText;

  protected write(field: FormField, text: string): void {
    this.texts.update((texts) => ({ ...texts, [field.name]: text }));
  }
}

/** A default that is an expression is worked out by the server. */
const plainDefault = (field: FormField): string => {
  const text = fieldText(field.default);
  return text.includes('${{') ? '' : text;
};
