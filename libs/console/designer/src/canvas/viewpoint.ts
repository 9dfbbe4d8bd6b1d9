import { DestroyRef, inject, Injectable, linkedSignal, signal } from '@angular/core';
import type { FCanvasComponent } from '@foblex/flow';
import type { Box } from '../model/geometry.js';
import { readyFor, type View } from './sight.js';

const SCALES = { least: 0.02, most: 2, readable: 0.7 } as const;
/** Room left at the edges when the whole flow is shown. */
const MARGIN = 30;

const isSameView = (one: View, other: View): boolean =>
  one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;

/** Where a person looks at the canvas from: followed while it is dragged and zoomed, and set to show the whole or one node. */
@Injectable()
export class Viewpoint {
  private readonly destroyed = inject(DestroyRef);
  private canvas: FCanvasComponent | undefined;
  private size = { width: 0, height: 0 };

  /** What is seen, by the coordinates of the canvas. */
  readonly view = signal<View>({ x: 0, y: 0, width: 0, height: 0, scale: 1 }, { equal: isSameView });
  /** True while the canvas is dragged: what is drawn of it stays as it is. */
  private readonly isDragged = signal(false);
  /** The part of the canvas that is ready for work. */
  readonly ready = linkedSignal<{ readonly view: View; readonly isDragged: boolean }, Box>({
    source: () => ({ view: this.view(), isDragged: this.isDragged() }),
    computation: ({ view, isDragged }, before) => (isDragged && before !== undefined ? before.value : readyFor(view, before?.value)),
  });

  /** Follows a canvas from now on. The drawing library tells of a drag only at its end, its element at once. */
  follow(canvas: FCanvasComponent, frame: HTMLElement): void {
    this.canvas = canvas;
    let isDue = false;
    const look = (): void => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        this.look();
      });
    };
    const moves = new MutationObserver(look);
    moves.observe(canvas.hostElement as HTMLElement, { attributes: true, attributeFilter: ['style', 'class'] });
    const sizes = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
      look();
    });
    sizes.observe(frame);
    this.destroyed.onDestroy(() => {
      moves.disconnect();
      sizes.disconnect();
    });
    this.size = { width: frame.clientWidth, height: frame.clientHeight };
    this.look();
  }

  private look(): void {
    if (this.canvas === undefined) return;
    const { position, scaledPosition, scale } = this.canvas.transform;
    const [left, top] = [position.x + scaledPosition.x, position.y + scaledPosition.y];
    this.isDragged.set((this.canvas.hostElement as HTMLElement).classList.contains('f-canvas-dragging'));
    this.view.set({ x: -left / scale, y: -top / scale, width: this.size.width / scale, height: this.size.height / scale, scale });
  }

  /** Shows a rectangle as large as there is room for it; a small one is not blown up. */
  fit({ x, y, width, height }: Box): void {
    const room = { width: this.size.width - 2 * MARGIN, height: this.size.height - 2 * MARGIN };
    if (room.width <= 0 || room.height <= 0) return;
    const scale = Math.max(SCALES.least, Math.min(1, room.width / width, room.height / height));
    this.lookFrom({ x: x + width / 2, y: y + height / 2 }, scale);
  }

  zoom(by: number): void {
    const { x, y, width, height, scale } = this.view();
    this.lookFrom({ x: x + width / 2, y: y + height / 2 }, Math.min(SCALES.most, Math.max(SCALES.least, scale * by)));
  }

  /** Brings a point into the middle, and so near that it can be read where that is wanted. */
  center(point: Pick<Box, 'x' | 'y'>, isRead = false): void {
    const { scale } = this.view();
    this.lookFrom(point, isRead ? Math.max(scale, SCALES.readable) : scale);
  }

  private lookFrom(middle: Pick<Box, 'x' | 'y'>, scale: number): void {
    if (this.canvas === undefined) return;
    const position = { x: this.size.width / 2 - middle.x * scale, y: this.size.height / 2 - middle.y * scale };
    this.canvas.transform = { ...this.canvas.transform, position, scaledPosition: { x: 0, y: 0 }, scale };
    this.canvas.redraw();
    this.canvas.emitCanvasChangeEvent();
    this.look();
  }
}
