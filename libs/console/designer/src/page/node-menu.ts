import { CdkMenu, CdkMenuItem } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { NzIconDirective } from 'ng-zorro-antd/icon';

/** Something that the menu of the canvas offers. */
export interface MenuEntry {
  /** Key of its words. */
  readonly word: string;
  readonly icon: string;
  /** The keys that do the same. */
  readonly keys?: string;
  readonly isDisabled?: boolean;
  readonly isGrave?: boolean;
  readonly deed: () => void;
}

/** The menu of a node, or of the canvas where no node is. */
@Component({
  selector: 'ol-node-menu',
  imports: [CdkMenu, CdkMenuItem, NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="menu" cdkMenu data-test="node-menu">
      @for (entry of entries(); track entry.word) {
        <button
          type="button"
          cdkMenuItem
          [class.danger]="entry.isGrave"
          [cdkMenuItemDisabled]="entry.isDisabled ?? false"
          [attr.data-test]="'menu-' + entry.word.split('.').at(-1)"
          (cdkMenuItemTriggered)="entry.deed()"
        >
          <nz-icon [nzType]="entry.icon" aria-hidden="true" />
          <span class="word">{{ entry.word | transloco }}</span>
          @if (entry.keys) {
            <kbd class="soft">{{ entry.keys }}</kbd>
          }
        </button>
      }
    </div>
  `,
  styles: `
    button {
      display: flex;
      align-items: center;
      gap: 8px;
      width: 100%;
    }
    .word {
      flex: 1;
    }
    .danger {
      color: var(--danger);
    }
    [aria-disabled='true'] {
      opacity: 0.45;
    }
    kbd {
      font-size: 12px;
    }
  `,
})
export class NodeMenu {
  readonly entries = input.required<readonly MenuEntry[]>();
}
