import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { ProcessSummary, SavedProcess } from '@orderlines/contracts';
import { Api, Session } from '@orderlines/console/api';
import {
  Dialogs,
  List,
  ListCell,
  ListRowActions,
  TimePipe,
  Toasts,
  type Column,
  type Filter,
  type ListSource,
} from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { ImportDialog } from './import-dialog.js';
import { StartDialog, type StartData } from './start-dialog.js';

/** Processes of all namespaces. */
@Component({
  selector: 'ol-processes',
  imports: [List, ListCell, ListRowActions, NzIconDirective, RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './processes.page.html',
})
export class ProcessesPage {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly session = inject(Session);
  protected readonly changed = signal(0);

  protected readonly columns: readonly Column<ProcessSummary>[] = [
    { id: 'name', label: 'processes.name', text: ({ name }) => name },
    { id: 'namespace', label: 'processes.namespace', text: ({ namespace }) => namespace },
    { id: 'version', label: 'processes.version', text: ({ latestVersion }) => latestVersion, numeric: true },
    { id: 'description', label: 'processes.description', text: ({ description }) => description },
    { id: 'updatedBy', label: 'processes.updatedBy', text: ({ updatedBy }) => updatedBy },
    { id: 'updatedAt', label: 'processes.updatedAt', text: ({ updatedAt }) => updatedAt },
    { id: 'createdBy', label: 'processes.createdBy', text: ({ createdBy }) => createdBy, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'name', label: 'processes.name', kind: 'text' },
    { id: 'namespace', label: 'processes.namespace', kind: 'text' },
  ];
  protected readonly source: ListSource<ProcessSummary> = (query, signal) => this.api.call('GET processes', { query, signal });
  protected readonly key = ({ id }: ProcessSummary) => id;

  protected start({ id, name }: ProcessSummary): Promise<unknown> {
    return this.dialogs.open<void, StartData>(StartDialog, { id, name });
  }

  protected async import(): Promise<void> {
    const saved = await this.dialogs.open<SavedProcess>(ImportDialog);
    if (!saved) return;
    this.toasts.done('import.stored', { name: saved.name, version: saved.version });
    if (saved.id) await this.router.navigate(['/processes', saved.id]);
  }

  protected async remove({ id, name }: ProcessSummary): Promise<void> {
    const question = {
      title: this.transloco.translate<string>('processes.removeTitle', { name }),
      consequence: this.transloco.translate<string>('processes.removeConsequence'),
      deed: this.transloco.translate<string>('processes.remove'),
      dangerous: true,
    };
    if (!(await this.dialogs.confirm(question))) return;
    try {
      await this.api.call('DELETE processes/:id', { id });
      this.toasts.done('processes.removed', { name });
      this.changed.update((count) => count + 1);
    } catch (error) {
      this.toasts.problem(error);
    }
  }
}
