import { Injectable } from '@angular/core';
import type { Translation, TranslocoLoader } from '@jsverse/transloco';
import type { LanguageName } from '@orderlines/console/ui';

type File = Promise<{ default: Translation }>;

/** The texts of every library, beside its code: one file a language, read when the language is spoken first. */
const FILES: Readonly<Record<LanguageName, () => readonly File[]>> = {
  en: () => [
    import('../i18n/en.json'),
    import('@orderlines/console/ui/i18n/en.json'),
    import('@orderlines/console/designer/i18n/en.json'),
    import('@orderlines/console/operations/i18n/en.json'),
    import('@orderlines/console/administration/i18n/en.json'),
  ],
  'zh-CN': () => [
    import('../i18n/zh-CN.json'),
    import('@orderlines/console/ui/i18n/zh-CN.json'),
    import('@orderlines/console/designer/i18n/zh-CN.json'),
    import('@orderlines/console/operations/i18n/zh-CN.json'),
    import('@orderlines/console/administration/i18n/zh-CN.json'),
  ],
};

/** Loads the texts of a language. */
@Injectable({ providedIn: 'root' })
export class Translations implements TranslocoLoader {
  async getTranslation(language: string): Promise<Translation> {
    const files = await Promise.all(FILES[language as LanguageName]());
    return Object.assign({}, ...files.map(({ default: texts }) => texts)) as Translation;
  }
}
