import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@orderlines/console/api';
import { reading } from '@orderlines/console/ui';

/** What this is, which release of it runs, and what it is made of. */
@Component({
  selector: 'ol-about',
  imports: [RouterLink, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './about.page.html',
  styles: `
    .card {
      max-width: 720px;
      padding: 28px;
    }
    header {
      display: flex;
      align-items: center;
      gap: 16px;
    }
    dl {
      display: grid;
      grid-template-columns: max-content 1fr;
      gap: 8px 24px;
      margin: 0;
    }
    dd {
      margin: 0;
    }
  `,
})
export class AboutPage {
  private readonly api = inject(Api);
  protected readonly release = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET about', { signal }) });
}
