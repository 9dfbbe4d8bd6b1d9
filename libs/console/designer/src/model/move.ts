import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { changeFlow, changeFlows, flowAt, ownerOf, placeOf, placesIn, withDescendants, type FlowKey } from './flows.js';
import { appended } from './insert.js';
import { redirected } from './order.js';
import { refuse, type Edited } from './refusal.js';
import { withoutInGraph, withoutInList } from './remove.js';

/** A process with nodes moved to the end of another flow, in the order they had. Arrows across the border are taken away. */
export function moveTo(document: ProcessDocument, ids: readonly string[], key: FlowKey): Edited<ProcessDocument> {
  const places = placesIn(document);
  const moved = outermost(document, ids).filter((id) => places.get(id)?.flow.key !== key);
  const nodes = moved.flatMap((id) => places.get(id)?.node ?? []);
  const target = flowAt(document, key);
  const { owner } = ownerOf(key);
  if (target === undefined && owner !== '' && !places.has(owner)) return refuse('no-such-node');
  if (nodes.some((node) => withDescendants(node).some(({ id }) => id === owner))) return refuse('into-itself');
  if (nodes.length === 0) return document;
  const isGraph = target?.isGraph ?? false;
  const arriving = settled(nodes, isGraph);
  const gone = new Set(moved);
  const without = changeFlows(document, (flow) => {
    if (!flow.nodes.some(({ id }) => gone.has(id))) return flow.nodes;
    return flow.isGraph ? withoutInGraph(flow.nodes, gone) : withoutInList(flow.nodes, gone);
  });
  return changeFlow(without, key, (there) =>
    isGraph ? [...there, ...arriving] : there.length === 0 ? arriving : appended(there, arriving),
  );
}

/** A process with nodes moved out of their container, into the flow around it. */
export function moveOut(document: ProcessDocument, ids: readonly string[]): Edited<ProcessDocument> {
  const [first] = ids;
  const place = first === undefined ? undefined : placeOf(document, first);
  const around = place && placeOf(document, place.flow.owner);
  return around === undefined ? refuse('no-such-node') : moveTo(document, ids, around.flow.key);
}

/** Those of some nodes that do not stand inside another of them, in the order of the document. */
export function outermost(document: ProcessDocument, ids: readonly string[]): readonly string[] {
  const places = placesIn(document);
  const wanted = new Set(ids);
  const inside = new Set(
    [...wanted].flatMap((id) =>
      withDescendants(places.get(id)?.node ?? ({ id } as NodeDocument))
        .slice(1)
        .map((node) => node.id),
    ),
  );
  return [...places.keys()].filter((id) => wanted.has(id) && !inside.has(id));
}

/** Nodes that come from elsewhere: they keep the ways among themselves, as far as the new flow knows such ways. */
export function settled(nodes: readonly NodeDocument[], isGraph: boolean): readonly NodeDocument[] {
  const ids = new Set(nodes.map(({ id }) => id));
  if (!isGraph) return redirected(nodes.map(ungraphed), (target) => (ids.has(target) ? target : undefined));
  return redirected(nodes, () => undefined).map((node) => {
    const needs = (node.needs ?? []).filter((id) => ids.has(id));
    const { needs: _needs, ...others } = node;
    return (needs.length === 0 ? others : { ...others, needs }) as NodeDocument;
  });
}

function ungraphed(node: NodeDocument): NodeDocument {
  const { needs: _needs, when: _when, trigger: _trigger, ...others } = node;
  return others as NodeDocument;
}
