import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { TaskTypeManifest } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { JsonView, Language, reading } from '@orderlines/console/ui';

/** The catalogue of task types that workers offer, with what they take and give. */
@Component({
  selector: 'ol-plugins',
  imports: [JsonView, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <div class="page-head">
      <h1>{{ 'nav.plugins' | transloco }}</h1>
      <span class="grow"></span>
      <input
        class="input search"
        type="search"
        [placeholder]="'records.search' | transloco"
        [attr.aria-label]="'records.search' | transloco"
        (input)="wanted.set($any($event.target).value)"
      />
    </div>
    <div class="grid">
      @for (type of found(); track type.name) {
        <article class="card stack">
          <h2>{{ type.title[language()] }}</h2>
          <p>
            <code>{{ type.name }}</code> <span class="tag">{{ type.version }}</span> <span class="tag accent">{{ type.category }}</span>
          </p>
          <p class="soft">{{ type.description[language()] }}</p>
          <details>
            <summary>{{ 'plugins.details' | transloco }}</summary>
            <pre class="help">{{ type.help[language()] }}</pre>
            <h3>{{ 'plugins.inputs' | transloco }}</h3>
            <ol-json [value]="type.inputs" />
            <h3>{{ 'plugins.results' | transloco }}</h3>
            <ol-json [value]="type.results" />
          </details>
        </article>
      } @empty {
        <p class="soft">{{ 'plugins.none' | transloco }}</p>
      }
    </div>
  `,
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(320px, 1fr));
      gap: 14px;
      align-items: start;
    }
    .search {
      width: 260px;
    }
    .help {
      white-space: pre-wrap;
    }
    summary {
      color: var(--accent);
      cursor: pointer;
    }
  `,
})
export class PluginsPage {
  private readonly api = inject(Api);
  private readonly spoken = inject(Language).current;
  protected readonly language = computed(() => (this.spoken() === 'en' ? 'en' : 'zh'));
  protected readonly wanted = signal('');
  private readonly types = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET task-types', { signal }) });
  protected readonly found = computed(() => {
    const wanted = this.wanted().toLowerCase();
    return (this.types.value()?.items ?? []).filter((type) => textOf(type).includes(wanted));
  });
}

const textOf = ({ name, title, description, category }: TaskTypeManifest): string =>
  [name, category, ...Object.values(title), ...Object.values(description)].join(' ').toLowerCase();
