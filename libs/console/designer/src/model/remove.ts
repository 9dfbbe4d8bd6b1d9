import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { changeFlows } from './flows.js';
import { withoutPlaces } from './drawing.js';
import { continuationsOf, goingOn, redirected } from './order.js';

/** A process without some nodes and what is inside them; what led to one leads to where it went on. */
export function remove(document: ProcessDocument, ids: ReadonlySet<string>): ProcessDocument {
  const before = idsOf(document);
  const result = changeFlows(document, ({ nodes, isGraph }) => {
    if (!nodes.some(({ id }) => ids.has(id))) return nodes;
    return isGraph ? withoutInGraph(nodes, ids) : withoutInList(nodes, ids);
  });
  const after = idsOf(result);
  return withoutPlaces(result, new Set([...before].filter((id) => !after.has(id))));
}

function idsOf(document: ProcessDocument): ReadonlySet<string> {
  const ids = new Set<string>();
  changeFlows(document, ({ nodes }) => {
    for (const { id } of nodes) ids.add(id);
    return nodes;
  });
  return ids;
}

/** A list without some of its nodes. */
export function withoutInList(nodes: readonly NodeDocument[], ids: ReadonlySet<string>): readonly NodeDocument[] {
  const before = continuationsOf(nodes);
  const beyond = (id: string | null): string | null | undefined => {
    const seen = new Set<string>();
    let at: string | null | undefined = id;
    while (typeof at === 'string' && ids.has(at)) {
      if (seen.has(at)) return null;
      seen.add(at);
      at = before.get(at);
    }
    return at;
  };
  const kept = nodes.filter(({ id }) => !ids.has(id));
  const wanted = new Map([...before].map(([id, to]) => [id, beyond(to) ?? null]));
  const led = redirected(kept, (target) => (ids.has(target) ? beyond(target) : target));
  return goingOn(led, wanted);
}

/** A graph without some of its nodes; what needed one needs what that one needed. */
export function withoutInGraph(nodes: readonly NodeDocument[], ids: ReadonlySet<string>): readonly NodeDocument[] {
  const needs = new Map(nodes.map((node) => [node.id, node.needs ?? []]));
  const replaced = (id: string, seen: ReadonlySet<string>): readonly string[] =>
    !ids.has(id) ? [id] : seen.has(id) ? [] : (needs.get(id) ?? []).flatMap((needed) => replaced(needed, new Set([...seen, id])));
  return nodes.flatMap((node) => {
    if (ids.has(node.id)) return [];
    if (!node.needs?.some((id) => ids.has(id))) return [node];
    const { needs: _needs, ...others } = node;
    const left = [...new Set(node.needs.flatMap((id) => replaced(id, new Set())))];
    return [(left.length === 0 ? others : { ...node, needs: left }) as NodeDocument];
  });
}
