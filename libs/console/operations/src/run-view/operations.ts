import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import type { InstanceDetail, TaskView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { Dialogs, Toasts } from '@orderlines/console/ui';
import { TaskOperationDialog, type TaskOperationData } from './task-operation-dialog.js';

/** Operations on a run that this page offers as buttons; variables are set where they are shown. */
export const RUN_BUTTONS = ['resume', 'pause', 'stop', 'restart', 'rerun'] as const;
/** An operation on a run. */
export type RunButton = (typeof RUN_BUTTONS)[number];

/** Operations on an execution of a node that are buttons; approvals are answered in their form. */
export const TASK_BUTTONS = ['retry', 'skip', 'succeed', 'fail', 'choose', 'raise', 'stop'] as const;
/** An operation on an execution of a node. */
export type TaskButton = (typeof TASK_BUTTONS)[number];

/** How operations look. */
export const OPERATION_ICONS: Readonly<Record<RunButton | TaskButton, string>> = {
  resume: 'play-circle',
  pause: 'pause-circle',
  stop: 'stop',
  restart: 'reload',
  rerun: 'redo',
  retry: 'redo',
  skip: 'step-forward',
  succeed: 'check-circle',
  fail: 'close-circle',
  choose: 'branches',
  raise: 'warning',
};

/** Does what people ask of a run and its nodes, after asking them what has to be known. */
@Injectable({ providedIn: 'root' })
export class Operations {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly router = inject(Router);
  private readonly transloco = inject(TranslocoService);

  /** Does something to a run; `node` is where a rerun begins. True when it was done. */
  async onRun(operation: RunButton, run: InstanceDetail, node?: string): Promise<boolean> {
    const { id } = run;
    return this.attempt(operation, async () => {
      switch (operation) {
        case 'stop': {
          const ending = run.phase === 'stopping' || run.phase === 'teardown';
          const consequence = this.transloco.translate<string>(ending ? 'operations.forceConsequence' : 'operations.stopConsequence');
          const deed = this.transloco.translate<string>(ending ? 'operations.forceStop' : 'operations.stop');
          if (!(await this.dialogs.confirm({ title: `${deed}: ${run.process} #${run.number}`, consequence, deed, dangerous: true })))
            return false;
          await this.api.call('POST instances/:id/stop', { id, body: { force: ending } });
          return true;
        }
        case 'pause':
          await this.api.call('POST instances/:id/pause', { id, body: {} });
          return true;
        case 'resume':
          await this.api.call('POST instances/:id/resume', { id, body: {} });
          return true;
        case 'restart': {
          const started = await this.api.call('POST instances/:id/restart', { id, body: { version: 'same' } });
          return this.router.navigate(['/runs', started.id]);
        }
        case 'rerun': {
          if (node === undefined) return false;
          const started = await this.api.call('POST instances/:id/rerun', { id, body: { from: node, version: 'same' } });
          return this.router.navigate(['/runs', started.id]);
        }
      }
    });
  }

  /** Does something to an execution of a node. True when it was done. */
  async onTask(operation: TaskButton, task: TaskView, cases: readonly string[]): Promise<boolean> {
    const given = await this.dialogs.open<object, TaskOperationData>(TaskOperationDialog, { operation, task, cases });
    if (given === undefined) return false;
    const path = { id: task.instanceId, taskId: task.id };
    const body = { attempt: task.attempt, ...given };
    return this.attempt(operation, async () => {
      if (operation === 'choose')
        await this.api.call('POST instances/:id/tasks/:taskId/choose', { ...path, body: { case: 'default', ...body } });
      else if (operation === 'succeed')
        await this.api.call('POST instances/:id/tasks/:taskId/succeed', { ...path, body: { result: {}, ...body } });
      else await this.api.call(`POST instances/:id/tasks/:taskId/${operation}`, { ...path, body });
      return true;
    });
  }

  private async attempt(operation: string, work: () => Promise<boolean>): Promise<boolean> {
    try {
      const done = await work();
      if (done) this.toasts.done('operations.done', { operation: this.transloco.translate(`operations.${operation}`) });
      return done;
    } catch (error) {
      this.toasts.problem(error);
      return false;
    }
  }
}
