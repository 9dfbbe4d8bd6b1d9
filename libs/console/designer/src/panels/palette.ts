import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { FFlowModule } from '@foblex/flow';
import { Language } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { NODE_ICONS } from '../canvas/node-looks.js';
import { NODE_TYPES, type Draggable } from '../model/new-node.js';
import { TaskTypes } from '../session/task-types.js';

interface Item {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly icon: string;
  readonly wanted: Draggable;
}

/** What can be put into a flow, by category; dragged onto the canvas, or added by a click. */
@Component({
  selector: 'ol-palette',
  imports: [FFlowModule, NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <input
      class="input"
      type="search"
      [placeholder]="'designer.searchPalette' | transloco"
      [attr.aria-label]="'designer.searchPalette' | transloco"
      [value]="wanted()"
      (input)="wanted.set(search.value)"
      #search
    />
    @for (category of categories(); track category.label) {
      <h3>{{ category.label }}</h3>
      <ul>
        @for (item of category.items; track item.key) {
          <li>
            <button
              type="button"
              class="item"
              fExternalItem
              [fData]="item.wanted"
              [fExternalItemId]="'palette:' + item.key"
              [title]="item.hint"
              [attr.data-palette]="item.key"
              (dblclick)="added.emit(item.wanted)"
              (keydown.enter)="added.emit(item.wanted)"
            >
              <nz-icon [nzType]="item.icon" aria-hidden="true" /><span class="cut">{{ item.label }}</span>
            </button>
          </li>
        }
      </ul>
    } @empty {
      <p class="soft">{{ 'designer.nothingFound' | transloco }}</p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 6px;
      padding: 10px;
      overflow-y: auto;
    }
    h3 {
      margin-top: 8px;
      color: var(--text-soft);
      font-size: 12px;
      font-weight: 600;
    }
    ul {
      display: flex;
      flex-direction: column;
      gap: 4px;
      padding: 0;
      margin: 0;
      list-style: none;
    }
    .item {
      display: flex;
      align-items: center;
      gap: 8px;
      width: 100%;
      padding: 6px 8px;
      border: 1px solid var(--line);
      border-radius: 6px;
      background: var(--surface);
      color: var(--text);
      font: inherit;
      font-size: 13px;
      text-align: start;
      cursor: grab;
    }
    .item:hover {
      border-color: var(--accent);
    }
    nz-icon {
      color: var(--accent);
    }
  `,
})
export class Palette {
  private readonly taskTypes = inject(TaskTypes);
  private readonly language = inject(Language);
  private readonly transloco = inject(TranslocoService);
  readonly added = output<Draggable>();
  protected readonly wanted = signal('');

  private readonly words = toSignal(this.transloco.selectTranslation());

  protected readonly categories = computed(() => {
    // What is translated in here changes with it.
    this.words();
    const language = this.language.current() === 'zh-CN' ? 'zh' : 'en';
    const word = this.wanted().trim().toLowerCase();
    const flow = NODE_TYPES.map((type): Item => ({
      key: type,
      label: this.transloco.translate(`designer.type.${type}`),
      hint: this.transloco.translate(`designer.typeHint.${type}`),
      icon: NODE_ICONS[type],
      wanted: { kind: 'node', type },
    }));
    const tasks = [...this.taskTypes.palette()].map(([category, manifests]) => ({
      label: this.categoryName(category),
      items: manifests.map((manifest): Item => ({
        key: manifest.name,
        label: manifest.title[language],
        hint: manifest.description[language],
        icon: manifest.icon,
        wanted: { kind: 'task', uses: manifest.name },
      })),
    }));
    const fits = ({ key, label, hint }: Item): boolean => [key, label, hint].some((text) => text.toLowerCase().includes(word));
    return [...tasks, { label: this.transloco.translate('designer.category.flow'), items: flow }]
      .map(({ label, items }) => ({ label, items: items.filter(fits) }))
      .filter(({ items }) => items.length > 0);
  });

  private categoryName(category: string): string {
    const key = `designer.category.${category}`;
    const name = this.transloco.translate(key);
    return name === key ? category : name;
  }
}
