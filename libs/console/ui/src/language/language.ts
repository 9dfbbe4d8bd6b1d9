import { inject, Injectable, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';

/** Languages of the console, as they name themselves. */
export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;
/** A language of the console. */
export type LanguageName = keyof typeof LANGUAGES;

const KEPT_AS = 'orderlines.language';

const isKnown = (name: string | null): name is LanguageName => name !== null && name in LANGUAGES;

/** What was chosen in this browser, else what the browser speaks. */
const first = (): LanguageName => {
  const kept = localStorage.getItem(KEPT_AS);
  if (isKnown(kept)) return kept;
  return navigator.languages
    .find((name) => /^(zh|en)\b/i.test(name))
    ?.toLowerCase()
    .startsWith('zh')
    ? 'zh-CN'
    : 'en';
};

/** The language that is spoken. */
@Injectable({ providedIn: 'root' })
export class Language {
  private readonly transloco = inject(TranslocoService);
  private readonly spoken = signal<LanguageName>(first());
  readonly current = this.spoken.asReadonly();

  constructor() {
    this.speak(this.spoken());
  }

  choose(name: LanguageName): void {
    localStorage.setItem(KEPT_AS, name);
    this.speak(name);
  }

  private speak(name: LanguageName): void {
    this.spoken.set(name);
    this.transloco.setActiveLang(name);
    document.documentElement.lang = name;
  }
}
