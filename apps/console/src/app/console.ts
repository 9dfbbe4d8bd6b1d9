import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Language, Theme, ToastList } from '@orderlines/console/ui';

/** The console: whatever page the address names, in the chosen theme and language. */
@Component({
  selector: 'ol-console',
  imports: [RouterOutlet, ToastList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<router-outlet /><ol-toasts />`,
})
export class Console {
  constructor() {
    inject(Theme);
    inject(Language);
  }
}
