import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { lookOf } from '@orderlines/console/ui';
import type { Box } from '../model/geometry.js';
import type { DrawnWay } from './drawn-ways.js';

/** A node or lane that is drawn as one element with its name. */
export interface LightBox {
  readonly id: string;
  readonly name: string;
  /** What is read out; a lane is not. */
  readonly label: string | undefined;
  readonly kind: 'card' | 'area' | 'strip';
  readonly box: Box;
}

/** What a person picked, and whether it joins what was chosen before. */
export interface Picked {
  readonly id: string;
  readonly joins: boolean;
}

/** The nodes that nobody can work on from where they look: names, places, states and arrows, with one element each. */
@Component({
  selector: 'ol-light-layer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (area of areas(); track area.id) {
      <div
        class="light {{ area.kind }}"
        [style.left.px]="area.box.x"
        [style.top.px]="area.box.y"
        [style.width.px]="area.box.width"
        [style.height.px]="area.box.height"
        [class.chosen]="chosen().has(area.id)"
        [attr.tabindex]="area.label ? 0 : null"
        [attr.role]="area.label ? 'group' : null"
        [attr.aria-label]="area.label"
        [attr.data-node]="area.label ? area.id : null"
        [attr.data-lane]="area.label ? null : area.id.slice('lane:'.length)"
        [attr.data-status]="statuses().get(area.id)"
        [attr.data-change]="changes().get(area.id)"
        [style.--tone]="toneOf(area.id)"
      >
        {{ area.name }}
      </div>
    }
    <svg aria-hidden="true">
      @for (path of paths(); track path[0]) {
        <path [attr.class]="path[0]" [attr.d]="path[1]" />
      }
    </svg>
    @for (card of cards(); track card.id) {
      <div
        class="light card"
        tabindex="0"
        role="group"
        [style.left.px]="card.box.x"
        [style.top.px]="card.box.y"
        [class.chosen]="chosen().has(card.id)"
        [class.faulty]="faulty().has(card.id)"
        [attr.aria-label]="card.label"
        [attr.data-node]="card.id"
        [attr.data-status]="statuses().get(card.id)"
        [attr.data-change]="changes().get(card.id)"
        [style.--tone]="toneOf(card.id)"
      >
        {{ card.name }}
      </div>
    }
  `,
  styleUrl: './light-layer.scss',
  host: { '(click)': 'clicked($event)', '(dblclick)': 'opened.emit(idAt($event) ?? "")', '(focusin)': 'focused($event)' },
})
export class LightLayer {
  readonly boxes = input.required<readonly LightBox[]>();
  readonly ways = input.required<ReadonlyMap<DrawnWay['kind'], string>>();
  readonly statuses = input.required<ReadonlyMap<string, string>>();
  readonly changes = input.required<ReadonlyMap<string, string>>();
  readonly chosen = input.required<ReadonlySet<string>>();
  readonly faulty = input.required<ReadonlyMap<string, unknown>>();
  readonly picked = output<Picked>();
  /** Id of a node that somebody wants to see from near. */
  readonly opened = output<string>();

  protected readonly areas = computed(() => this.boxes().filter(({ kind }) => kind !== 'card'));
  protected readonly cards = computed(() => this.boxes().filter(({ kind }) => kind === 'card'));
  protected readonly paths = computed(() => [...this.ways()]);

  protected toneOf(id: string): string | null {
    const status = this.statuses().get(id);
    return status === undefined ? null : `var(--${lookOf(status).tone}-fill)`;
  }

  protected idAt({ target }: Event): string | undefined {
    return target instanceof Element ? (target.closest('[data-node]')?.getAttribute('data-node') ?? undefined) : undefined;
  }

  protected clicked(event: MouseEvent): void {
    const id = this.idAt(event);
    if (id !== undefined) this.picked.emit({ id, joins: event.ctrlKey || event.metaKey || event.shiftKey });
  }

  /** By the keyboard; what a pointer chooses is said by its click. */
  protected focused(event: FocusEvent): void {
    const id = this.idAt(event);
    if (id !== undefined && event.target instanceof Element && event.target.matches(':focus-visible'))
      this.picked.emit({ id, joins: false });
  }
}
