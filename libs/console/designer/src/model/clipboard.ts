import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { drawingOf, placedAt, type DrawnPlace } from './drawing.js';
import { changeFlow, changeFlows, flowAt, idsIn, placesIn, withDescendants, type FlowKey } from './flows.js';
import { appended } from './insert.js';
import { outermost, settled } from './move.js';
import { freshId } from './names.js';
import { renamedIn, withReferences } from './rename.js';

/** Nodes on their way, with where they were drawn. */
export interface Clipping {
  readonly nodes: readonly NodeDocument[];
  readonly places: Readonly<Record<string, DrawnPlace>>;
}

/** Pasted nodes stand beside the ones they were copied from. */
const ASIDE = 40;

/** Some nodes of a process, for pasting. */
export function copy(document: ProcessDocument, ids: readonly string[]): Clipping {
  const places = placesIn(document);
  const nodes = outermost(document, ids).flatMap((id) => places.get(id)?.node ?? []);
  const copied = new Set(nodes.flatMap(withDescendants).map(({ id }) => id));
  return { nodes, places: Object.fromEntries(Object.entries(drawingOf(document).nodes).filter(([id]) => copied.has(id))) };
}

/** A process with the copied nodes at the end of a flow, under fresh ids, and those ids. */
export function paste(
  document: ProcessDocument,
  { nodes, places }: Clipping,
  key: FlowKey,
): { readonly document: ProcessDocument; readonly ids: readonly string[] } {
  const taken = new Set(idsIn(document));
  const names = new Map<string, string>();
  for (const { id } of nodes.flatMap(withDescendants)) {
    const fresh = freshId(id, taken);
    taken.add(fresh);
    names.set(id, fresh);
  }
  const isGraph = flowAt(document, key)?.isGraph ?? false;
  const renamed = settled(withReferences(renamedDeep(nodes, names), 'tasks', names), isGraph);
  const pasted = changeFlow(document, key, (there) =>
    isGraph ? [...there, ...renamed] : there.length === 0 ? renamed : appended(there, renamed),
  );
  const drawn = Object.entries(places).map(([id, at]) => [names.get(id) ?? id, { ...at, x: at.x + ASIDE, y: at.y + ASIDE }]);
  return {
    document: drawn.length === 0 ? pasted : placedAt(pasted, Object.fromEntries(drawn)),
    ids: nodes.map(({ id }) => names.get(id) ?? id),
  };
}

function renamedDeep(nodes: readonly NodeDocument[], names: ReadonlyMap<string, string>): readonly NodeDocument[] {
  // The nodes are a flow of a process of their own for the time being.
  const carrier: ProcessDocument = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'clipping', flow: [...nodes] };

  return changeFlows(carrier, (flow) => renamedIn(flow.nodes, names)).flow;
}
