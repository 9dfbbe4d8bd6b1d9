import { inject, Pipe, type PipeTransform } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoService } from '@jsverse/transloco';
import type { Field } from '../form/schema-fields.js';

/** Names fields of the definition's own keys: `designer.key.<name>`, with a hint where there is one. */
@Pipe({ name: 'olLabels', pure: false })
export class LabelsPipe implements PipeTransform {
  private readonly transloco = inject(TranslocoService);
  private readonly words = toSignal(this.transloco.selectTranslation());
  private last: { readonly fields: readonly Field[]; readonly words: unknown; readonly named: readonly Field[] } | undefined;

  transform(fields: readonly Field[]): readonly Field[] {
    const words = this.words();
    if (this.last?.fields === fields && this.last.words === words) return this.last.named;
    const named = fields.map((field) => ({
      ...field,
      label: this.transloco.translate(`designer.key.${field.name}`),
      hint: words?.[`designer.hint.${field.name}`] === undefined ? '' : this.transloco.translate(`designer.hint.${field.name}`),
    }));
    this.last = { fields, words, named };
    return named;
  }
}
