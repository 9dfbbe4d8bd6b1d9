import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';

/** An address that leads nowhere. */
@Component({
  selector: 'ol-not-found',
  imports: [RouterLink, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `<h1>{{ 'nav.notFound' | transloco }}</h1>
    <p class="soft">{{ 'shell.notFound' | transloco }}</p>
    <p>
      <a routerLink="/">{{ 'shell.toStart' | transloco }}</a>
    </p>`,
})
export class NotFoundPage {}
