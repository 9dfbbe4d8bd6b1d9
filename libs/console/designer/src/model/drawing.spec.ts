import { processOf } from '../testing/documents.js';
import { drawingOf, withDrawing, withMark } from './drawing.js';

describe('notes and frames', () => {
  const note = { id: 'why', x: 0, y: 0, width: 200, height: 80, text: 'because' };
  const frame = { id: 'why', x: 0, y: 0, width: 480, height: 320, title: 'Release' };
  const drawn = withDrawing(processOf([]), { notes: [note, { ...note, id: 'other' }], frames: [frame] });

  it('are written in place, each for itself', () => {
    const { notes, frames } = drawingOf(withMark(drawn, 'notes', 'why', { text: 'no longer' }));
    expect(notes).toEqual([
      { ...note, text: 'no longer' },
      { ...note, id: 'other' },
    ]);
    expect(frames).toEqual([frame]);
  });

  it('are taken away, and others of the same name stay', () => {
    const { notes, frames } = drawingOf(withMark(drawn, 'frames', 'why', undefined));
    expect(notes).toHaveLength(2);
    expect(frames).toEqual([]);
  });
});
