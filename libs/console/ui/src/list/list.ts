import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { NgTemplateOutlet } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  contentChild,
  contentChildren,
  effect,
  inject,
  input,
  linkedSignal,
  resource,
  signal,
  untracked,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { toProblem } from '@orderlines/console/api';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { Toasts } from '../feedback/toasts.js';
import { exportRows, type ExportFormat } from './export-rows.js';
import { PAGE_SIZES, TOTAL_CAP, withMoments, type Column, type Filter, type ListQuery, type ListSource } from './list-model.js';
import { ListBatch, ListCell, ListRowActions } from './list-parts.js';

/** While a person types, the list waits this long. */
const TYPING_MS = 300;

/**
 * A list of the server's: pages by cursor, sorted and filtered there; filters, order and page stand in the address. Columns can be chosen, rows
 * selected and exported. `refreshes` counts up when something has changed: the page is then read again without a flicker.
 */
@Component({
  selector: 'ol-list',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, NgTemplateOutlet, NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list.html',
  styleUrl: './list.scss',
})
export class List<Row extends object> {
  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly transloco = inject(TranslocoService);
  private readonly toasts = inject(Toasts);

  /** Name under which choices are kept and exports are saved. */
  readonly name = input.required<string>();
  readonly columns = input.required<readonly Column<Row>[]>();
  readonly filters = input<readonly Filter[]>([]);
  readonly source = input.required<ListSource<Row>>();
  readonly key = input.required<(row: Row) => string>();
  readonly refreshes = input<unknown>(0);
  /** Key of what is said when there is nothing at all. */
  readonly empty = input('ui.empty');

  private readonly cells = contentChildren(ListCell);
  protected readonly rowActions = contentChild(ListRowActions);
  protected readonly batch = contentChild(ListBatch);

  private readonly address = toSignal(this.route.queryParamMap, { requireSync: true });
  /** Cursors of the pages before this one, as far as they were seen here. */
  private readonly before = signal<readonly (string | undefined)[]>([]);
  protected readonly query = computed<ListQuery>(
    () => {
      const address = this.address();
      const limit = PAGE_SIZES.find((size) => String(size) === address.get('limit')) ?? PAGE_SIZES[0];
      const filters = this.filters().flatMap(({ id }) => (address.get(id) ? [[id, address.get(id)] as const] : []));
      return {
        ...(Object.fromEntries(filters) as Record<string, string>),
        ...(address.get('cursor') && { cursor: address.get('cursor') ?? '' }),
        ...(address.get('sort') && { sort: address.get('sort') ?? '' }),
        limit,
      };
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );

  /** The query as the server is asked it: times of this clock as moments. */
  private readonly asked = computed(() => withMoments(this.query(), this.filters()));
  protected readonly page = resource({
    params: () => ({ query: this.asked(), source: this.source() }),
    loader: ({ params, abortSignal }) => params.source(params.query, abortSignal),
  });
  /** What is shown: the last page that came, so that nothing flickers while the next one is on its way. */
  protected readonly shown = linkedSignal<ReturnType<typeof this.loaded>, ReturnType<typeof this.loaded>>({
    source: () => this.loaded(),
    computation: (now, last) => now ?? last?.value,
  });
  protected readonly problem = computed(() => (this.page.status() === 'error' ? toProblem(this.page.error()) : undefined));
  protected readonly isFiltered = computed(() => this.filters().some(({ id }) => this.query()[id] !== undefined));
  protected readonly sizes = PAGE_SIZES;
  protected readonly cap = TOTAL_CAP;

  private readonly hidden = signal<ReadonlySet<string>>(new Set());
  protected readonly visible = computed(() => this.columns().filter(({ id }) => !this.hidden().has(id)));
  protected readonly chosen = signal<ReadonlyMap<string, Row>>(new Map());
  protected readonly chosenRows = computed(() => [...this.chosen().values()]);
  protected readonly allChosen = computed(() => {
    const rows = this.shown()?.items ?? [];
    return rows.length > 0 && rows.every((row) => this.chosen().has(this.key()(row)));
  });
  protected readonly isExporting = signal(false);
  private typing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    effect(() => {
      const kept = localStorage.getItem(this.keptAs());
      const hidden = kept === null ? this.columns().flatMap(({ id, optional }) => (optional ? [id] : [])) : (JSON.parse(kept) as string[]);
      untracked(() => this.hidden.set(new Set(hidden)));
    });
    let first = true;
    effect(() => {
      this.refreshes();
      if (!first) untracked(() => this.page.reload());
      first = false;
    });
  }

  /** Reads the page again. */
  reload(): void {
    this.page.reload();
  }

  /** Forgets which rows were chosen, e.g. after something was done to them. */
  chooseNone(): void {
    this.chosen.set(new Map());
  }

  protected template(column: Column<Row>) {
    return this.cells().find((cell) => cell.column() === column.id)?.template;
  }

  protected filterBy(id: string, value: string, typed = false): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.go({ [id]: value || null, cursor: null }, true), typed ? TYPING_MS : 0);
  }

  protected clearFilters(): void {
    this.go(Object.fromEntries([...this.filters().map(({ id }) => [id, null]), ['cursor', null]]), true);
  }

  /** Ascending, descending, as the server likes. */
  protected sortBy(name: string): void {
    const now = this.query().sort;
    this.go({ sort: now === name ? `-${name}` : now === `-${name}` ? null : name, cursor: null }, true);
  }

  protected sortOf(name: string): 'ascending' | 'descending' | 'none' {
    const now = this.query().sort;
    return now === name ? 'ascending' : now === `-${name}` ? 'descending' : 'none';
  }

  protected resize(limit: string): void {
    this.go({ limit, cursor: null }, true);
  }

  protected next(): void {
    const cursor = this.shown()?.nextCursor;
    if (!cursor) return;
    this.before.update((before) => [...before, this.query().cursor]);
    this.go({ cursor });
  }

  protected previous(): void {
    const cursor = this.before().at(-1);
    this.before.update((before) => before.slice(0, -1));
    this.go({ cursor: cursor ?? null });
  }

  protected toggleColumn(id: string): void {
    const hidden = new Set(this.hidden());
    if (!hidden.delete(id) && this.visible().length > 1) hidden.add(id);
    this.hidden.set(hidden);
    localStorage.setItem(this.keptAs(), JSON.stringify([...hidden]));
  }

  protected choose(row: Row, isChosen: boolean): void {
    const chosen = new Map(this.chosen());
    if (isChosen) chosen.set(this.key()(row), row);
    else chosen.delete(this.key()(row));
    this.chosen.set(chosen);
  }

  protected chooseAll(isChosen: boolean): void {
    this.chosen.set(new Map(isChosen ? (this.shown()?.items ?? []).map((row) => [this.key()(row), row]) : []));
  }

  protected async export(format: ExportFormat): Promise<void> {
    this.isExporting.set(true);
    const { cursor: _cursor, ...query } = this.asked();
    const heading = (key: string) => this.transloco.translate<string>(key);
    try {
      await exportRows(this.name(), format, this.source(), query as ListQuery, this.visible(), heading, new AbortController().signal);
    } catch (error) {
      this.toasts.problem(error);
    } finally {
      this.isExporting.set(false);
    }
  }

  private loaded() {
    return this.page.hasValue() ? this.page.value() : undefined;
  }

  private keptAs(): string {
    return `orderlines.columns.${this.name()}`;
  }

  private go(queryParams: Readonly<Record<string, string | null>>, afresh = false): void {
    if (afresh) this.before.set([]);
    this.chooseNone();
    void this.router.navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge', replaceUrl: afresh });
  }
}
