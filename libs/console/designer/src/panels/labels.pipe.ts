import { inject, Pipe, type PipeTransform } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import type { Field } from '../form/schema-fields.js';

/** Names fields of the definition's own keys: `designer.key.<name>`, with a hint where there is one. */
@Pipe({ name: 'olLabels', pure: false })
export class LabelsPipe implements PipeTransform {
  private readonly transloco = inject(TranslocoService);
  private last: { readonly fields: readonly Field[]; readonly language: string; readonly named: readonly Field[] } | undefined;

  transform(fields: readonly Field[]): readonly Field[] {
    const language = this.transloco.getActiveLang();
    if (this.last?.fields === fields && this.last.language === language) return this.last.named;
    const named = fields.map((field) => ({
      ...field,
      label: this.transloco.translate(`designer.key.${field.name}`),
      hint: this.hintOf(field.name),
    }));
    this.last = { fields, language, named };
    return named;
  }

  private hintOf(name: string): string {
    const key = `designer.hint.${name}`;
    const hint = this.transloco.translate(key);
    return hint === key ? '' : hint;
  }
}
