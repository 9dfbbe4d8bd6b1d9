import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { TASK_STATUSES, type ApprovalView } from '@orderlines/contracts';
import { Api, Live } from '@orderlines/console/api';
import {
  Dialogs,
  List,
  ListCell,
  ListRowActions,
  StatusBadge,
  TimePipe,
  type Column,
  type Filter,
  type ListSource,
} from '@orderlines/console/ui';
import { ApprovalDialog } from './approval-dialog.js';

/** What people are asked: what waits for me, and everything before. */
@Component({
  selector: 'ol-approvals',
  imports: [List, ListCell, ListRowActions, RouterLink, StatusBadge, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <div class="page-head">
      <h1>{{ 'nav.approvals' | transloco }}</h1>
    </div>
    <ol-list
      #list
      name="approvals"
      [columns]="columns"
      [filters]="filters"
      [source]="source"
      [key]="key"
      [refreshes]="live.changes()"
      empty="approvals.none"
    >
      <ng-template olCell="title" let-asked>
        <a [routerLink]="['/runs', asked.instanceId]">{{ asked.title }}</a>
      </ng-template>
      <ng-template olCell="status" let-asked>
        @if (asked.decision) {
          <span class="tag" [class.success]="asked.decision === 'approved'" [class.failure]="asked.decision !== 'approved'">
            {{ 'approvals.decision.' + asked.decision | transloco }}
          </span>
        } @else {
          <ol-status [status]="asked.status" />
        }
      </ng-template>
      <ng-template olCell="askedAt" let-asked>{{ asked.askedAt | olTime }}</ng-template>
      <ng-template olCell="deadlineAt" let-asked>{{ asked.deadlineAt | olTime }}</ng-template>
      <ng-template olRowActions let-asked>
        @if (asked.mayAnswer) {
          <button class="button small primary" type="button" (click)="open(asked)">{{ 'approvals.open' | transloco }}</button>
        }
      </ng-template>
    </ol-list>
  `,
})
export class ApprovalsPage {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  protected readonly live = inject(Live);

  protected readonly columns: readonly Column<ApprovalView>[] = [
    { id: 'title', label: 'approvals.title', text: ({ title }) => title },
    { id: 'process', label: 'runs.process', text: ({ namespace, process, number }) => `${namespace}/${process} #${number}` },
    { id: 'status', label: 'runs.status', text: ({ decision, status }) => decision ?? status },
    { id: 'have', label: 'approvals.have', text: ({ have, need }) => `${have} / ${need}` },
    { id: 'startedBy', label: 'runs.startedBy', text: ({ startedBy }) => startedBy },
    { id: 'askedAt', label: 'approvals.askedAt', text: ({ askedAt }) => askedAt },
    { id: 'deadlineAt', label: 'approvals.deadline', text: ({ deadlineAt }) => deadlineAt },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'mine', label: 'approvals.whose', kind: 'choice', choices: [{ value: 'true', label: 'approvals.mine' }] },
    { id: 'status', label: 'runs.status', kind: 'choice', choices: TASK_STATUSES.map((value) => ({ value, label: `status.${value}` })) },
  ];
  protected readonly source: ListSource<ApprovalView> = (query, signal) =>
    this.api.call('GET approvals', { query: query as never, signal });
  protected readonly key = ({ taskId, attempt }: ApprovalView) => `${taskId}:${attempt}`;

  protected open(asked: ApprovalView): Promise<unknown> {
    return this.dialogs.open(ApprovalDialog, asked);
  }
}
