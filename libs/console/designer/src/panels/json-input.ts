import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Json } from '@orderlines/contracts';
import { parseSource } from '@orderlines/process-engine';
import { stringify } from 'yaml';

/** A part of the definition as YAML: for what has no form of its own. */
@Component({
  selector: 'ol-json-input',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <textarea
      class="textarea"
      [id]="fieldId()"
      [rows]="rows()"
      [value]="text()"
      [attr.aria-invalid]="isWrong()"
      spellcheck="false"
      (input)="typed(area.value)"
      #area
    ></textarea>
    @if (isWrong()) {
      <span class="error">{{ 'designer.notYaml' | transloco }}</span>
    }
  `,
  styles: `
    .error {
      color: var(--danger);
      font-size: 13px;
    }
  `,
})
export class JsonInput {
  readonly value = input<Json | undefined>();
  readonly fieldId = input.required<string>();
  readonly rows = input(4);
  readonly changed = output<Json | undefined>();

  private readonly written = computed(() =>
    this.value() === undefined ? '' : stringify(this.value(), { lineWidth: 0, singleQuote: true }),
  );
  protected readonly text = linkedSignal<string, string>({
    source: this.written,
    // What is being typed stays as it is typed.
    computation: (written, before) => (before !== undefined && same(before.value, written) ? before.value : written),
  });
  protected readonly isWrong = computed(() => read(this.text()) === undefined);

  protected typed(text: string): void {
    this.text.set(text);
    const value = read(text);
    if (value !== undefined) this.changed.emit(value.value);
  }
}

const same = (one: string, other: string): boolean => JSON.stringify(read(one)) === JSON.stringify(read(other));

function read(text: string): { readonly value: Json | undefined } | undefined {
  if (text.trim() === '') return { value: undefined };
  const source = parseSource(text, { format: 'yaml' });
  return 'value' in source ? { value: source.value } : undefined;
}
