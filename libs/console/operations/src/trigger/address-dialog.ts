import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { JsonView } from '@orderlines/console/ui';

/** Shows the address of a webhook, this once. */
@Component({
  selector: 'ol-trigger-address',
  imports: [JsonView, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="dialog">
      <header>
        <h2 id="address-title">{{ 'triggers.address' | transloco }}</h2>
      </header>
      <div class="body">
        <p>{{ 'triggers.addressOnce' | transloco }}</p>
        <ol-json [value]="address" data-test="address" />
      </div>
      <footer>
        <button class="button primary" type="button" (click)="dialog.close()">{{ 'ui.close' | transloco }}</button>
      </footer>
    </div>
  `,
})
export class AddressDialog {
  protected readonly address = inject<string>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<void>>(DialogRef);
}
