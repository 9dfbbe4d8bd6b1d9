import { ChangeDetectionStrategy, Component, computed, inject, Injector, input, runInInjectionContext, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Session } from '@orderlines/console/api';
import { Dialogs, List, ListRowActions, Toasts } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { RecordDialog, type RecordData } from './record-dialog.js';
import type { RecordAction, RecordKind } from './record-kind.js';

type Row = object;

/** Records of one kind, which its route names: listed, made, changed and removed. */
@Component({
  selector: 'ol-records',
  imports: [List, ListRowActions, NzIconDirective, RouterLink, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <div class="page-head">
      <h1>{{ shown().title | transloco }}</h1>
      <span class="grow"></span>
      @if (mayWrite() && shown().fields() !== null) {
        <button class="button primary" type="button" (click)="edit()" data-action="add">
          <nz-icon nzType="plus" aria-hidden="true" />{{ 'records.add' | transloco }}
        </button>
      }
    </div>
    <ol-list
      [name]="shown().name"
      [columns]="shown().columns"
      [filters]="shown().filters"
      [source]="shown().source"
      [key]="shown().key"
      [refreshes]="changed()"
    >
      <ng-template olRowActions let-row>
        @if (shown().page; as page) {
          <a class="button quiet small" [routerLink]="page(row)" data-action="open">
            <nz-icon nzType="eye" aria-hidden="true" />{{ 'records.open' | transloco }}
          </a>
        }
        @for (action of possible(row); track action.label) {
          <button class="button quiet small" type="button" (click)="run(action, row)">
            <nz-icon [nzType]="action.icon" aria-hidden="true" />{{ action.label | transloco }}
          </button>
        }
        @if (mayWrite() && shown().fields(row) !== null) {
          <button
            class="button quiet small icon"
            type="button"
            (click)="edit(row)"
            [attr.aria-label]="'records.edit' | transloco"
            [title]="'records.edit' | transloco"
          >
            <nz-icon nzType="edit" aria-hidden="true" />
          </button>
        }
        @if (mayRemove(row)) {
          <button
            class="button quiet small icon danger"
            type="button"
            (click)="remove(row)"
            [attr.aria-label]="'records.remove' | transloco"
            [title]="'records.remove' | transloco"
          >
            <nz-icon nzType="delete" aria-hidden="true" />
          </button>
        }
      </ng-template>
    </ol-list>
  `,
})
export class RecordsPage {
  private readonly injector = inject(Injector);
  private readonly session = inject(Session);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);

  /** Makes the kind; of the route. */
  readonly kind = input.required<() => RecordKind<Row>>();
  protected readonly shown = computed(() => runInInjectionContext(this.injector, this.kind()));
  protected readonly changed = signal(0);
  protected readonly mayWrite = computed(() => {
    const right = this.shown().write;
    return right !== undefined && this.session.may(...right);
  });

  protected mayRemove(row: Row): boolean {
    const { remove } = this.shown();
    return remove !== undefined && this.session.may(...remove.right) && (remove.isPossible?.(row) ?? true);
  }

  protected possible(row: Row): readonly RecordAction<Row>[] {
    const actions = (this.shown().actions ?? []).filter(({ shows }) => shows || this.mayWrite());
    return actions.filter(({ isPossible }) => isPossible?.(row) ?? true);
  }

  protected async edit(row?: Row): Promise<void> {
    const kind = this.shown();
    const title = row ? kind.nameOf(row) : this.transloco.translate<string>('records.add');
    const data: RecordData = { title, fields: kind.fields(row) ?? [], save: (values) => kind.save(values, row) };
    if (await this.dialogs.open<boolean, RecordData>(RecordDialog, data)) this.told('records.saved');
  }

  protected async run(action: RecordAction<Row>, row: Row): Promise<void> {
    try {
      const told = await action.run(row);
      if (told)
        await this.dialogs.confirm({ title: this.shown().nameOf(row), consequence: told, deed: this.transloco.translate('ui.close') });
      if (!action.shows) this.told('records.saved');
    } catch (error) {
      this.toasts.problem(error);
    }
  }

  protected async remove(row: Row): Promise<void> {
    const question = {
      title: this.transloco.translate<string>('records.removeTitle', { name: this.shown().nameOf(row) }),
      consequence: this.transloco.translate<string>('records.removeConsequence'),
      deed: this.transloco.translate<string>('records.remove'),
      dangerous: true,
    };
    if (!(await this.dialogs.confirm(question))) return;
    try {
      await this.shown().remove?.run(row);
      this.told('records.removed');
    } catch (error) {
      this.toasts.problem(error);
    }
  }

  private told(key: string): void {
    this.toasts.done(key);
    this.changed.update((count) => count + 1);
  }
}
