import { Injectable, signal } from '@angular/core';

/** What of a page is shown, e.g. which run: stands on its tab and in the breadcrumbs. */
@Injectable({ providedIn: 'root' })
export class PageTitle {
  private readonly told = signal<{ readonly path: string; readonly detail: string } | undefined>(undefined);
  readonly current = this.told.asReadonly();

  set(detail: string): void {
    this.told.set({ path: location.pathname, detail });
  }
}
