import Elk from 'elkjs/lib/elk.bundled.js';
import fc from 'fast-check';
import { documents } from '../testing/documents.js';
import { withDrawing } from '../model/drawing.js';
import { geometryOf, type Box } from '../model/geometry.js';
import { elkGraph, placesOf } from './elk-graph.js';

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

describe('the automatic layout', () => {
  const elk = new Elk();

  it('lays nodes beside each other, never on each other, and inside what they stand in', async () => {
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const places = placesOf(await elk.layout(elkGraph(document, () => true)));
        const { nodes, lanes } = geometryOf(withDrawing(document, { nodes: places }));
        const boxes = new Map([...nodes, ...lanes].map(({ id, box }) => [id, box]));
        for (const { id, parent, box } of nodes) {
          const outer = parent === null ? undefined : boxes.get(parent);
          if (outer !== undefined) expect(box.x >= outer.x && box.y >= outer.y && box.x + box.width <= outer.x + outer.width).toBe(true);
          for (const sibling of nodes) {
            if (sibling.parent === parent && sibling.id < id)
              expect([id, sibling.id, overlap(box, sibling.box)]).toEqual([id, sibling.id, false]);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
