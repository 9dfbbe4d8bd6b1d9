import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '@orderlines/console/api';
import { OwnProfile } from './own-profile.js';
import { OwnSessions } from './own-sessions.js';
import { PasswordForm } from './password-form.js';
import { SecondFactor } from './second-factor.js';

/** One's own account: who one is, how one proves it, and where one is logged in. */
@Component({
  selector: 'ol-profile',
  imports: [OwnProfile, OwnSessions, PasswordForm, SecondFactor, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './profile.page.html',
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 16px;
      align-items: start;
      max-width: 1180px;
    }
    .grid > div {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    ol-password-form {
      max-width: 582px;
    }
    @media (width < 900px) {
      .grid {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class ProfilePage {
  protected readonly session = inject(Session);
}
