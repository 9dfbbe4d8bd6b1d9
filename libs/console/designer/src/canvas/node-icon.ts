import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { NzIconDirective } from 'ng-zorro-antd/icon';

/** An icon with a view of its own: one that is loaded checks this view again, and not the whole canvas with all its nodes. */
@Component({
  selector: 'ol-node-icon',
  imports: [NzIconDirective],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<nz-icon [nzType]="name()" [nzSpin]="spins()" aria-hidden="true" />`,
})
export class NodeIcon {
  readonly name = input.required<string>();
  readonly spins = input(false);
}
