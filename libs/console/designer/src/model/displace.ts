import type { ProcessDocument } from '@orderlines/process-engine';
import { drawingOf } from './drawing.js';
import { placesIn, withDescendants } from './flows.js';
import type { Box } from './geometry.js';

type Point = Pick<Box, 'x' | 'y'>;

/** The new places of moved nodes, and of everything inside them that was not said to have moved by itself. */
export function displaced(
  document: ProcessDocument,
  before: ReadonlyMap<string, Point>,
  moved: ReadonlyMap<string, Point>,
): Readonly<Record<string, Point>> {
  const { nodes } = drawingOf(document);
  const places = placesIn(document);
  const along = new Map<string, Point>();
  for (const [id, to] of moved) {
    const [node, from] = [places.get(id)?.node, before.get(id)];
    if (node === undefined || from === undefined) continue;
    for (const inner of withDescendants(node)) {
      const at = nodes[inner.id];
      if (at !== undefined && !moved.has(inner.id)) along.set(inner.id, { x: at.x + to.x - from.x, y: at.y + to.y - from.y });
    }
  }
  return Object.fromEntries([...along, ...moved]);
}
