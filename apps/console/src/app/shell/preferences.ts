import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Language, LANGUAGES, Theme, THEMES, type LanguageName } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';

/** Language and theme, chosen at any time. */
@Component({
  selector: 'ol-preferences',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'row' },
  template: `
    <button class="button quiet" type="button" [cdkMenuTriggerFor]="languageMenu" data-test="language">
      <nz-icon nzType="global" aria-hidden="true" />{{ names[language.current()] }}
    </button>
    <button
      class="button quiet icon"
      type="button"
      [cdkMenuTriggerFor]="themeMenu"
      [attr.aria-label]="'shell.theme' | transloco"
      [title]="'shell.theme' | transloco"
      data-test="theme"
    >
      <nz-icon [nzType]="theme.isDark() ? 'moon' : 'sun'" aria-hidden="true" />
    </button>
    <ng-template #languageMenu>
      <div class="menu" cdkMenu>
        @for (name of languages; track name) {
          <button cdkMenuItem type="button" (cdkMenuItemTriggered)="language.choose(name)" [attr.lang]="name">
            <nz-icon [nzType]="language.current() === name ? 'check' : 'global'" aria-hidden="true" />{{ names[name] }}
          </button>
        }
      </div>
    </ng-template>
    <ng-template #themeMenu>
      <div class="menu" cdkMenu>
        @for (choice of themes; track choice) {
          <button cdkMenuItem type="button" (cdkMenuItemTriggered)="theme.choose(choice)">
            <nz-icon [nzType]="theme.choice() === choice ? 'check' : icons[choice]" aria-hidden="true" />{{
              'shell.themes.' + choice | transloco
            }}
          </button>
        }
      </div>
    </ng-template>
  `,
})
export class Preferences {
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);
  protected readonly names = LANGUAGES;
  protected readonly languages = Object.keys(LANGUAGES) as LanguageName[];
  protected readonly themes = THEMES;
  protected readonly icons = { light: 'sun', dark: 'moon', auto: 'desktop' } as const;
}
