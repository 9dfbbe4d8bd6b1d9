import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { PICTURE_TYPES, type UserView } from '@orderlines/contracts';
import { Api, Session, toProblem } from '@orderlines/console/api';
import { Language, LANGUAGES, Toasts, type LanguageName } from '@orderlines/console/ui';
import { dataAddress, UserPicture } from './user-picture.js';

/** The language of a user as the API calls it. */
const LOCALES: Readonly<Record<LanguageName, UserView['locale']>> = { en: 'en', 'zh-CN': 'zh' };

/** What one says of oneself: name, ways to be reached, language and picture. */
@Component({
  selector: 'ol-own-profile',
  imports: [TranslocoPipe, UserPicture],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './own-profile.html',
  styles: `
    .who {
      display: flex;
      gap: 16px;
      align-items: center;
    }
    input:focus-visible + label {
      outline: 2px solid var(--accent);
      outline-offset: 1px;
    }
    .button {
      align-self: flex-start;
    }
  `,
})
export class OwnProfile {
  private readonly api = inject(Api);
  private readonly language = inject(Language);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);

  readonly user = input.required<UserView>();
  protected readonly types = PICTURE_TYPES.join(',');
  protected readonly locales = LOCALES;
  protected readonly languages = Object.entries(LANGUAGES) as [LanguageName, string][];
  protected readonly problem = signal('');

  protected save(displayName: string, email: string, phone: string, language: string): Promise<void> {
    return this.change('profile.saved', async () => {
      const locale = LOCALES[language as LanguageName];
      await this.api.call('PATCH me', { body: { displayName, email: email || null, phone: phone || null, locale } });
      this.language.choose(language as LanguageName);
    });
  }

  protected async choosePicture(field: HTMLInputElement): Promise<void> {
    const [file] = field.files ?? [];
    if (!file) return;
    await this.change('profile.pictureSet', async () => {
      const base64 = (await dataAddress(file)).replace(/^data:[^,]*,/, '');
      await this.api.call('PUT me/picture', { body: { base64 } });
    });
    field.value = '';
  }

  protected removePicture(): Promise<void> {
    return this.change('profile.pictureRemoved', () => this.api.call('DELETE me/picture'));
  }

  private async change(key: string, work: () => Promise<unknown>): Promise<void> {
    this.problem.set('');
    try {
      await work();
      await this.session.refresh();
      this.toasts.done(key);
    } catch (error) {
      this.problem.set(toProblem(error).message);
    }
  }
}
