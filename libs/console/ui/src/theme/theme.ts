import { computed, effect, Injectable, signal } from '@angular/core';

/** How the console may look; `auto` follows the system. */
export const THEMES = ['light', 'dark', 'auto'] as const;
/** How the console may look. */
export type ThemeChoice = (typeof THEMES)[number];

const KEPT_AS = 'orderlines.theme';

/** The theme that was chosen, kept by this browser. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private readonly systemIsDark = signal(this.system.matches);
  readonly choice = signal<ThemeChoice>(THEMES.find((theme) => theme === localStorage.getItem(KEPT_AS)) ?? 'auto');
  readonly isDark = computed(() => (this.choice() === 'auto' ? this.systemIsDark() : this.choice() === 'dark'));

  constructor() {
    this.system.addEventListener('change', ({ matches }) => this.systemIsDark.set(matches));
    effect(() => (document.documentElement.dataset['theme'] = this.isDark() ? 'dark' : 'light'));
  }

  choose(theme: ThemeChoice): void {
    localStorage.setItem(KEPT_AS, theme);
    this.choice.set(theme);
  }
}
