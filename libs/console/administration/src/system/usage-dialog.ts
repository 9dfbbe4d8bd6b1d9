import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { UsageView } from '@orderlines/contracts';

/** What names something, and how that is called. */
export interface UsageData {
  readonly name: string;
  readonly usages: readonly UsageView[];
}

/** Versions of processes that name a variable or secret, and the schedules that start them. */
@Component({
  selector: 'ol-usage',
  imports: [RouterLink, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="dialog" aria-labelledby="usage-title">
      <header>
        <h2 id="usage-title">{{ 'system.usageOf' | transloco: { name: data.name } }}</h2>
      </header>
      <div class="body">
        @if (data.usages.length > 0) {
          <table class="table" data-test="usages">
            <thead>
              <tr>
                <th scope="col">{{ 'system.process' | transloco }}</th>
                <th scope="col">{{ 'system.version' | transloco }}</th>
                <th scope="col">{{ 'nav.schedules' | transloco }}</th>
              </tr>
            </thead>
            <tbody>
              @for (usage of data.usages; track usage.processId + '@' + usage.version) {
                <tr>
                  <td>
                    <a [routerLink]="['/processes', usage.processId]" (click)="dialog.close()">{{ usage.namespace }}/{{ usage.process }}</a>
                  </td>
                  <td>
                    {{ usage.version }}
                    @if (usage.latest) {
                      <span class="tag success">{{ 'system.latest' | transloco }}</span>
                    }
                  </td>
                  <td>{{ usage.schedules.join(', ') || '–' }}</td>
                </tr>
              }
            </tbody>
          </table>
        } @else {
          <p class="soft">{{ 'system.unused' | transloco }}</p>
        }
      </div>
      <footer>
        <button class="button primary" type="button" (click)="dialog.close()">{{ 'ui.close' | transloco }}</button>
      </footer>
    </section>
  `,
})
export class UsageDialog {
  protected readonly data = inject<UsageData>(DIALOG_DATA);
  protected readonly dialog = inject(DialogRef);
}
