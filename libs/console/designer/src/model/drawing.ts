import type { Json } from '@orderlines/contracts';
import type { ProcessDocument } from '@orderlines/process-engine';
import { z } from 'zod';

const place = z.object({ x: z.number(), y: z.number(), closed: z.boolean().optional() });
const box = { id: z.string(), x: z.number(), y: z.number(), width: z.number().min(40), height: z.number().min(30) };
const note = z.object({ ...box, text: z.string(), colour: z.string().optional() });
const frame = z.object({ ...box, title: z.string(), colour: z.string().optional() });

/** Where a node is drawn, in pixels; of a container, whether its inside is hidden. */
export type DrawnPlace = z.infer<typeof place>;
/** A text on the canvas. */
export type Note = z.infer<typeof note>;
/** A named rectangle behind some nodes. */
export type Frame = z.infer<typeof frame>;

/** The drawing of a process: what stands under `layout`. */
export interface Drawing {
  readonly nodes: Readonly<Record<string, DrawnPlace>>;
  readonly notes: readonly Note[];
  readonly frames: readonly Frame[];
}

/** The drawing of a process; a part that cannot be read is as if it were not there. */
export function drawingOf({ layout = {} }: ProcessDocument): Drawing {
  const nodes =
    typeof layout['nodes'] === 'object' && layout['nodes'] !== null ? Object.entries(layout['nodes'] as Record<string, Json>) : [];
  return {
    nodes: Object.fromEntries(
      nodes.flatMap(([id, value]) => {
        const read = place.safeParse(value);
        return read.success ? [[id, read.data]] : [];
      }),
    ),
    notes: readable(note, layout['notes']),
    frames: readable(frame, layout['frames']),
  };
}

function readable<Item>(schema: z.ZodType<Item>, value: Json | undefined): readonly Item[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const read = schema.safeParse(item);
    return read.success ? [read.data] : [];
  });
}

/** A process with parts of its drawing replaced; what is not ours under `layout` stays. */
export function withDrawing(document: ProcessDocument, drawing: Partial<Drawing>): ProcessDocument {
  return { ...document, layout: { ...document.layout, ...(drawing as unknown as Record<string, Json>) } };
}

/** A process with a note or a frame changed, or without it where there is no change. */
export function withMark<Kind extends 'notes' | 'frames'>(
  document: ProcessDocument,
  kind: Kind,
  id: string,
  change: Partial<Drawing[Kind][number]> | undefined,
): ProcessDocument {
  const marks: readonly (Note | Frame)[] = drawingOf(document)[kind];
  const changed = marks.flatMap((mark) => (mark.id !== id ? [mark] : change === undefined ? [] : [{ ...mark, ...change }]));
  return withDrawing(document, { [kind]: changed });
}

/** A process with nodes drawn elsewhere. */
export function placedAt(document: ProcessDocument, places: Readonly<Record<string, Pick<DrawnPlace, 'x' | 'y'>>>): ProcessDocument {
  const { nodes } = drawingOf(document);
  const moved = Object.entries(places).map(([id, { x, y }]) => [id, { ...nodes[id], x: Math.round(x), y: Math.round(y) }]);
  return withDrawing(document, { nodes: { ...nodes, ...Object.fromEntries(moved) } });
}

/** A process with a container drawn open or closed. */
export function closedAs(document: ProcessDocument, id: string, closed: boolean, at: Pick<DrawnPlace, 'x' | 'y'>): ProcessDocument {
  const { nodes } = drawingOf(document);
  return withDrawing(document, { nodes: { ...nodes, [id]: { ...at, ...nodes[id], closed } } });
}

/** A process whose drawing forgets some nodes. */
export function withoutPlaces(document: ProcessDocument, ids: ReadonlySet<string>): ProcessDocument {
  const { nodes } = drawingOf(document);
  const left = Object.entries(nodes).filter(([id]) => !ids.has(id));
  return left.length === Object.keys(nodes).length ? document : withDrawing(document, { nodes: Object.fromEntries(left) });
}

/** A process whose drawing knows nodes by other ids. */
export function placesRenamed(document: ProcessDocument, names: ReadonlyMap<string, string>): ProcessDocument {
  const { nodes } = drawingOf(document);
  if (!Object.keys(nodes).some((id) => names.has(id))) return document;
  return withDrawing(document, { nodes: Object.fromEntries(Object.entries(nodes).map(([id, at]) => [names.get(id) ?? id, at])) });
}
