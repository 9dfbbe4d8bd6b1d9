import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, resource, signal, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api, Session } from '@orderlines/console/api';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { MENU } from './menu.js';

/** Something that was found. */
interface Hit {
  readonly url: string;
  readonly text: string;
  readonly icon: string;
}

const PROCESSES = 8;

/** Finds pages by their names and processes by theirs; Ctrl+K goes there. */
@Component({
  selector: 'ol-search',
  imports: [NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(document:keydown)': 'shortcut($event)', '(focusout)': 'leave($event)' },
  template: `
    <label>
      <span class="visually-hidden">{{ 'shell.search' | transloco }}</span>
      <input
        #field
        class="input"
        type="search"
        role="combobox"
        aria-controls="search-hits"
        aria-autocomplete="list"
        [attr.aria-expanded]="hits().length > 0"
        [attr.aria-activedescendant]="hits().length > 0 ? 'search-hit-' + at() : null"
        [placeholder]="('shell.search' | transloco) + ' (Ctrl K)'"
        [value]="text()"
        (input)="text.set(field.value); at.set(0)"
        (keydown)="move($event)"
      />
    </label>
    <ul id="search-hits" class="menu" role="listbox" [attr.aria-label]="'shell.search' | transloco" [hidden]="hits().length === 0">
      @for (hit of hits(); track hit.url; let index = $index) {
        <li
          role="option"
          [id]="'search-hit-' + index"
          [attr.aria-selected]="index === at()"
          [class.at]="index === at()"
          (pointerdown)="$event.preventDefault(); go(hit)"
        >
          <nz-icon [nzType]="hit.icon" aria-hidden="true" /><span class="cut">{{ hit.text }}</span>
        </li>
      }
    </ul>
  `,
  styles: `
    :host {
      position: relative;
    }
    .input {
      width: 310px;
    }
    ul {
      position: absolute;
      z-index: 20;
      top: 38px;
      right: 0;
      width: 320px;
      margin: 0;
      list-style: none;
    }
    ul[hidden] {
      display: none;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
      padding: 6px 10px;
      border-radius: 5px;
      cursor: pointer;
    }
    li.at,
    li:hover {
      background: var(--hover);
    }
  `,
})
export class Search {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly transloco = inject(TranslocoService);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  protected readonly text = signal('');
  protected readonly at = signal(0);
  private readonly processes = resource({
    params: () => this.text().trim() || undefined,
    loader: ({ params: name, abortSignal: signal }) => this.api.call('GET processes', { query: { name, limit: PROCESSES }, signal }),
  });
  protected readonly hits = computed((): readonly Hit[] => {
    const wanted = this.text().trim().toLowerCase();
    if (wanted === '') return [];
    const pages = MENU.flatMap((group) => group.pages)
      .filter(({ needs }) => !needs || this.session.may(...needs))
      .map(({ path, label, icon }) => ({ url: path, icon, text: this.transloco.translate<string>(label) }))
      .filter(({ text }) => text.toLowerCase().includes(wanted));
    const processes = this.processes.hasValue() ? this.processes.value().items : [];
    return [
      ...pages,
      ...processes.map(({ id, namespace, name }) => ({ url: `/processes/${id}`, icon: 'apartment', text: `${namespace}/${name}` })),
    ];
  });

  protected move(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    const count = this.hits().length;
    if (step !== undefined && count > 0) this.at.update((at) => (at + step + count) % count);
    else if (event.key === 'Escape') this.text.set('');
    else if (event.key === 'Enter') this.go(this.hits()[this.at()]);
    else return;
    event.preventDefault();
  }

  protected go(hit: Hit | undefined): void {
    if (!hit) return;
    this.text.set('');
    void this.router.navigateByUrl(hit.url);
  }

  protected shortcut(event: KeyboardEvent): void {
    if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.field().nativeElement.focus();
  }

  protected leave(event: FocusEvent): void {
    if (!(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null)) this.text.set('');
  }
}
