import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, effect, inject, signal } from '@angular/core';
import { Router, RouterLink, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '@orderlines/console/api';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { UserPicture } from '../account/user-picture.js';
import { Bell } from './bell.js';
import { MENU } from './menu.js';
import { OpenTabs } from './open-tabs.js';
import { Preferences } from './preferences.js';
import { Search } from './search.js';

const FOLDED_AS = 'orderlines.menu-folded';

/** Everything around a page: menu, search, tabs, and who is here. */
@Component({
  selector: 'ol-shell',
  imports: [
    Bell,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    NzIconDirective,
    Preferences,
    RouterLink,
    RouterOutlet,
    Search,
    TranslocoPipe,
    UserPicture,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  protected readonly session = inject(Session);
  protected readonly tabs = inject(OpenTabs);
  private readonly router = inject(Router);

  protected readonly isFolded = signal(localStorage.getItem(FOLDED_AS) === 'true');
  protected readonly menu = computed(() =>
    MENU.map((group) => ({ ...group, pages: group.pages.filter(({ needs }) => !needs || this.session.may(...needs)) })).filter(
      ({ pages }) => pages.length > 0,
    ),
  );
  /** The part of the menu and the page that the current one belongs to. */
  protected readonly trail = computed(() => {
    const at = this.tabs.current();
    const belongs = (path: string) => at === path || at.startsWith(`${path}/`);
    const group = MENU.find(({ pages }) => pages.some(({ path }) => belongs(path)));
    return { group, page: group?.pages.find(({ path }) => belongs(path)), tab: this.tabs.all().find(({ path }) => path === at) };
  });

  constructor() {
    // Whoever is logged out by the server is asked to log in again, and comes back here.
    effect(() => {
      if (!this.session.user()) void this.router.navigate(['/login'], { queryParams: { to: this.router.url } });
    });
  }

  protected fold(): void {
    this.isFolded.update((folded) => !folded);
    localStorage.setItem(FOLDED_AS, String(this.isFolded()));
  }

  protected async logout(): Promise<void> {
    await this.session.logout();
    await this.router.navigateByUrl('/login');
  }
}
