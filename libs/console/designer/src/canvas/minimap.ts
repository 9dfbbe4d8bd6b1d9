import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, input, output } from '@angular/core';
import { around, type Box } from '../model/geometry.js';

/** Inside its border, in pixels. */
const SIZE = { width: 150, height: 100 } as const;

/** Room that the minimap of a small flow shows, in pixels of the canvas. */
const LEAST = { width: 1_500, height: 1_000 } as const;

/** The whole flow in small, and where of it one looks; a press or drag looks elsewhere. */
@Component({
  selector: 'ol-minimap',
  changeDetection: ChangeDetectionStrategy.OnPush,
  // The keyboard has the list of nodes and the search; this is a picture.
  template: `
    <svg aria-hidden="true" [attr.viewBox]="viewBox()" preserveAspectRatio="xMidYMid meet">
      <path class="areas" [attr.d]="areas()" />
      <path class="cards" [attr.d]="cards()" />
    </svg>
    <div class="view" [style.width.px]="seen().width" [style.height.px]="seen().height" [style.transform]="moved()"></div>
  `,
  styleUrl: './minimap.scss',
  host: { '(pointerdown)': 'pressed($event)', '(pointermove)': 'dragged($event)' },
})
export class Minimap {
  readonly boxes = input.required<readonly { readonly box: Box; readonly open: boolean }[]>();
  readonly view = input.required<Box>();
  /** A point of the canvas that shall be in the middle. */
  readonly looked = output<Pick<Box, 'x' | 'y'>>();
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);

  protected readonly areas = computed(() => pathOf(this.boxes().filter(({ open }) => open)));
  protected readonly cards = computed(() => pathOf(this.boxes().filter(({ open }) => !open)));
  private readonly whole = computed<Box>(() => {
    const all = around(this.boxes().map(({ box }) => box)) ?? this.view();
    const [width, height] = [Math.max(LEAST.width, all.width * 1.1), Math.max(LEAST.height, all.height * 1.1)];
    return { x: all.x + (all.width - width) / 2, y: all.y + (all.height - height) / 2, width, height };
  });
  protected readonly viewBox = computed(() => Object.values(this.whole()).join(' '));
  /** What is looked at, in pixels of the minimap. It is moved by the compositor: nothing is painted anew while the canvas is dragged. */
  protected readonly seen = computed<Box>(() => {
    const [whole, view] = [this.whole(), this.view()];
    const scale = Math.min(SIZE.width / whole.width, SIZE.height / whole.height);
    const at = (start: number, from: number, length: number, room: number): number => (start - from) * scale + (room - length * scale) / 2;
    return {
      x: at(view.x, whole.x, whole.width, SIZE.width),
      y: at(view.y, whole.y, whole.height, SIZE.height),
      width: Math.round(view.width * scale),
      height: Math.round(view.height * scale),
    };
  });
  protected readonly moved = computed(() => `translate(${this.seen().x}px, ${this.seen().y}px)`);

  protected pressed(event: PointerEvent): void {
    event.stopPropagation();
    this.host.nativeElement.setPointerCapture(event.pointerId);
    this.lookAt(event);
  }

  protected dragged(event: PointerEvent): void {
    if (event.buttons === 1) this.lookAt(event);
  }

  private lookAt({ clientX, clientY }: PointerEvent): void {
    const matrix = this.host.nativeElement.querySelector('svg')?.getScreenCTM();
    if (matrix) this.looked.emit(new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse()));
  }
}

const pathOf = (boxes: readonly { readonly box: Box }[]): string =>
  boxes.map(({ box: { x, y, width, height } }) => `M${x} ${y}h${width}v${height}h${-width}z`).join('');
