import { inject, Injectable } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { drawingOf, withDrawing } from '../model/drawing.js';
import { DesignerSession } from '../session/designer-session.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is written beside the nodes: notes, and frames around some of them. */
@Injectable()
export class Marks {
  private readonly session = inject(DesignerSession);
  private readonly transloco = inject(TranslocoService);

  addNote(at: Point): void {
    const text = this.transloco.translate('designer.noteText');
    const note = { ...markAt(at), width: 220, height: 90, text };
    this.draw({ notes: [...drawingOf(this.session.document()).notes, note] });
  }

  addFrame(at: Point): void {
    const title = this.transloco.translate('designer.frameTitle');
    const frame = { ...markAt(at), width: 480, height: 320, title };
    this.draw({ frames: [...drawingOf(this.session.document()).frames, frame] });
  }

  private draw(drawing: Parameters<typeof withDrawing>[1]): void {
    this.session.edit('designer.edit.mark', (document) => withDrawing(document, drawing));
  }
}

const markAt = ({ x, y }: Point) => ({ id: crypto.randomUUID().slice(0, 8), x: Math.round(x), y: Math.round(y) });
