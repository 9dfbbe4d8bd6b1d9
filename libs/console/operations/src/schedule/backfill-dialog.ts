import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { REPROCESS, type BackfillPlan, type ScheduleView } from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { TimePipe, Toasts } from '@orderlines/console/ui';

/** Slots that are shown of a plan; the others are counted. */
const SHOWN_SLOTS = 12;

/** Asks for a range of the past, shows which slots of it would be run, and then runs them. */
@Component({
  selector: 'ol-backfill',
  imports: [TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form
      class="dialog"
      (submit)="$event.preventDefault(); send(from.value, until.value, reprocess.value, active.value)"
      (input)="planned.set(undefined)"
      aria-labelledby="backfill-title"
    >
      <header>
        <h2 id="backfill-title">{{ 'schedules.backfillTitle' | transloco: { name: schedule.name } }}</h2>
      </header>
      <div class="body">
        @if (problem(); as problem) {
          <div class="notice error" role="alert">{{ problem }}</div>
        }
        <div class="pair">
          <div class="field">
            <label for="backfill-from">{{ 'schedules.from' | transloco }}</label>
            <input #from id="backfill-from" class="input" type="datetime-local" name="from" required />
          </div>
          <div class="field">
            <label for="backfill-until">{{ 'schedules.until' | transloco }}</label>
            <input #until id="backfill-until" class="input" type="datetime-local" name="until" required />
          </div>
          <div class="field">
            <label for="backfill-reprocess">{{ 'schedules.reprocess' | transloco }}</label>
            <select #reprocess id="backfill-reprocess" class="select" name="reprocess">
              @for (which of choices; track which) {
                <option [value]="which">{{ 'schedules.reprocesses.' + which | transloco }}</option>
              }
            </select>
          </div>
          <div class="field">
            <label for="backfill-active">{{ 'schedules.maxActive' | transloco }}</label>
            <input #active id="backfill-active" class="input" type="number" name="maxActive" min="1" max="100" value="1" required />
          </div>
        </div>
        <label class="check">
          <input type="checkbox" [checked]="reverse()" (change)="reverse.set($any($event.target).checked)" />
          {{ 'schedules.reverse' | transloco }}
        </label>
        @if (planned(); as plan) {
          <div class="notice" data-test="backfill-plan">
            <div>
              <b>{{ 'schedules.wouldRun' | transloco: { count: plan.slots.length, left: plan.left } }}</b>
              <ul>
                @for (slot of plan.slots.slice(0, shownSlots); track slot) {
                  <li>{{ slot | olTime }}</li>
                }
                @if (plan.slots.length > shownSlots) {
                  <li>…</li>
                }
              </ul>
            </div>
          </div>
        }
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close(false)">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit" [disabled]="isWaiting() || planned()?.slots?.length === 0">
          {{ (planned() ? 'schedules.backfillBegin' : 'schedules.backfillLook') | transloco }}
        </button>
      </footer>
    </form>
  `,
  styles: `
    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 12px 16px;
    }
    ul {
      padding-left: 20px;
      margin: 4px 0 0;
      columns: 2;
    }
  `,
})
export class BackfillDialog {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly schedule = inject<ScheduleView>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly choices = REPROCESS;
  protected readonly shownSlots = SHOWN_SLOTS;
  protected readonly reverse = signal(false);
  protected readonly problem = signal('');
  protected readonly isWaiting = signal(false);
  /** What would be run; undefined while nobody has looked at what the fields say now. */
  protected readonly planned = signal<BackfillPlan | undefined>(undefined);

  /** Looks first, begins then. */
  protected async send(from: string, until: string, reprocess: string, active: string): Promise<void> {
    this.isWaiting.set(true);
    this.problem.set('');
    const dry = this.planned() === undefined;
    try {
      const answer = await this.api.call('POST schedules/:id/backfills', {
        id: this.schedule.id,
        body: {
          from: new Date(from).toISOString(),
          until: new Date(until).toISOString(),
          reprocess: reprocess as (typeof REPROCESS)[number],
          maxActive: Number(active),
          reverse: this.reverse(),
          dry,
        },
      });
      if (!('id' in answer)) {
        this.planned.set(answer);
        return;
      }
      this.toasts.done('schedules.backfillBegun', { count: answer.slots });
      this.dialog.close(true);
    } catch (error) {
      this.problem.set(toProblem(error).message);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
