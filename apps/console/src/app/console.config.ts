import { isDevMode, provideBrowserGlobalErrorListeners, provideZonelessChangeDetection, type ApplicationConfig } from '@angular/core';
import { provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { provideTransloco } from '@jsverse/transloco';
import { ICONS, LANGUAGES } from '@orderlines/console/ui';
import { provideNzIcons } from 'ng-zorro-antd/icon';
import { routes } from './console.routes.js';
import { Translations } from './translations.js';

/** What the console is put together from. */
export const consoleConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding(), withInMemoryScrolling({ scrollPositionRestoration: 'enabled' })),
    provideNzIcons(ICONS),
    provideTransloco({
      config: {
        availableLangs: Object.keys(LANGUAGES),
        defaultLang: 'en',
        fallbackLang: 'en',
        reRenderOnLangChange: true,
        prodMode: !isDevMode(),
      },
      loader: Translations,
    }),
  ],
};
