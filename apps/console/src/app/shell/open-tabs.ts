import { effect, inject, Injectable, signal, untracked } from '@angular/core';
import { NavigationEnd, Router, type ActivatedRouteSnapshot } from '@angular/router';
import { PageTitle } from '@orderlines/console/ui';
import { filter } from 'rxjs';

/** A page that was opened: its address with filters, and the key of its name. */
export interface Tab {
  /** Address without query: a page has one tab. */
  readonly path: string;
  readonly url: string;
  readonly title: string;
  /** What of it is shown, e.g. the number of a run. */
  readonly detail?: string;
}

const KEPT_AS = 'orderlines.tabs';
const MOST = 12;

/** The pages a person has open, kept by their browser tab. */
@Injectable({ providedIn: 'root' })
export class OpenTabs {
  private readonly router = inject(Router);
  private readonly title = inject(PageTitle);
  private readonly opened = signal<readonly Tab[]>(JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '[]') as Tab[]);
  private readonly at = signal('');
  readonly all = this.opened.asReadonly();
  /** Path of the page that is shown. */
  readonly current = this.at.asReadonly();

  constructor() {
    this.router.events.pipe(filter((event) => event instanceof NavigationEnd)).subscribe(() => this.visit());
    this.visit();
    effect(() => {
      const title = this.title.current();
      if (title) untracked(() => this.describe(title.path, title.detail));
    });
  }

  /** Says what of a page is shown. */
  describe(path: string, detail: string): void {
    this.keep(this.opened().map((tab) => (tab.path === path ? { ...tab, detail } : tab)));
  }

  show({ url }: Tab): void {
    void this.router.navigateByUrl(url);
  }

  close(path: string): void {
    const index = this.opened().findIndex((tab) => tab.path === path);
    this.keep(this.opened().filter((tab) => tab.path !== path));
    if (path !== this.at()) return;
    const next = this.opened()[Math.min(index, this.opened().length - 1)];
    void this.router.navigateByUrl(next?.url ?? '/');
  }

  closeOthers(path: string): void {
    this.keep(this.opened().filter((tab) => tab.path === path));
  }

  closeAll(): void {
    this.keep([]);
    void this.router.navigateByUrl('/');
  }

  private visit(): void {
    const { url, routerState } = this.router;
    const title = titleOf(routerState.snapshot.root);
    const path = url.split(/[?#]/)[0] ?? url;
    const before = this.at();
    this.at.set(path);
    if (title === undefined) return;
    // A page that got another address keeps its tab, such as that of a process which was saved for the first time.
    const isReplaced = this.router.currentNavigation()?.extras.replaceUrl === true;
    const known =
      this.opened().find((tab) => tab.path === path) ?? (isReplaced ? this.opened().find((tab) => tab.path === before) : undefined);
    if (known) this.keep(this.opened().map((tab) => (tab === known ? { ...tab, path, url, title } : tab)));
    else this.keep([...this.opened(), { path, url, title }].slice(-MOST));
  }

  private keep(tabs: readonly Tab[]): void {
    sessionStorage.setItem(KEPT_AS, JSON.stringify(tabs));
    this.opened.set(tabs);
  }
}

const titleOf = (route: ActivatedRouteSnapshot): string | undefined =>
  route.firstChild ? titleOf(route.firstChild) : (route.data['title'] as string | undefined);
