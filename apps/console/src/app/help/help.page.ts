import { DOCUMENT } from '@angular/common';
import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { PageTitle, reading } from '@orderlines/console/ui';
import { HELP, HELP_DOCUMENTS } from './help-documents.js';
import { anchorOf, headingsOf, passagesWith, renderHelp } from './help-text.js';

const MOST_PASSAGES = 100;

/** The documents, rendered, with an outline and a search through all of them. */
@Component({
  selector: 'ol-help',
  imports: [RouterLink, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page', '(click)': 'follow($event)' },
  templateUrl: './help.page.html',
  styleUrl: './help.page.scss',
})
export class HelpPage {
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly document = inject(DOCUMENT);
  private readonly params = toSignal(this.route.paramMap);
  private readonly fragment = toSignal(this.route.fragment);
  private readonly article = viewChild<ElementRef<HTMLElement>>('article');

  protected readonly shelves = HELP;
  protected readonly name = computed(() => this.params()?.get('name') ?? HELP_DOCUMENTS[0]?.name ?? '');
  protected readonly words = signal<readonly string[]>([]);
  private readonly text = reading({
    params: () => this.name(),
    loader: async ({ params: name }) => (await HELP_DOCUMENTS.find((document) => document.name === name)?.load())?.default ?? '',
  });
  /** Only loaded when somebody searches. */
  private readonly everything = reading({
    params: () => (this.words().length > 0 ? true : undefined),
    loader: () => Promise.all(HELP_DOCUMENTS.map(async ({ name, load }) => ({ name, text: (await load()).default }))),
  });
  protected readonly isKnown = computed(() => HELP_DOCUMENTS.some(({ name }) => name === this.name()));
  protected readonly html = computed(() => renderHelp(this.name(), this.text.value() ?? ''));
  protected readonly headings = computed(() => headingsOf(this.text.value() ?? ''));
  protected readonly found = computed(() => {
    const words = this.words();
    if (words.length === 0) return undefined;
    const passages = (this.everything.value() ?? []).flatMap(({ name, text }) =>
      passagesWith(text, words).map((passage) => ({ name, ...passage })),
    );
    return passages.slice(0, MOST_PASSAGES);
  });

  constructor() {
    const tab = inject(PageTitle);
    effect(() => {
      const [, title] = /^# (.+)$/m.exec(this.text.value() ?? '') ?? [];
      if (title) tab.set(title);
    });
    afterRenderEffect(() => this.showPlace());
  }

  protected search(text: string): void {
    this.words.set(text.toLowerCase().split(/\s+/).filter(Boolean));
  }

  /** Links within the documents are followed without loading the console anew. */
  protected follow(event: MouseEvent): void {
    const href = (event.target as Element).closest('article a')?.getAttribute('href');
    if (!href?.startsWith('/help/') || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.search('');
    void this.router.navigateByUrl(href);
  }

  /** Headings get their addresses, and the one that is asked for comes into sight. */
  private showPlace(): void {
    this.html();
    const fragment = this.fragment();
    for (const heading of this.article()?.nativeElement.querySelectorAll('h1, h2, h3, h4') ?? []) {
      heading.id = anchorOf(heading.textContent);
    }
    if (fragment) this.document.getElementById(fragment)?.scrollIntoView();
  }
}
