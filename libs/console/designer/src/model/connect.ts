import { END, FAIL, type NodeDocument, type ProcessDocument } from '@orderlines/process-engine';
import { changeFlow, placeOf, type Flow } from './flows.js';
import { continuationsOf, goingOn, reordered } from './order.js';
import { refuse, type Edited, type Refusal } from './refusal.js';
import { carriesNext, portsOf, withTarget, type Port, type Way } from './ways.js';

/** An arrow as a person draws it; null is the start or the end of the flow. */
export type Drawn = Pick<Way, 'from' | 'port' | 'to' | 'flow'>;

/** Why an arrow cannot be drawn, or undefined when it can. */
export function refusalOf(document: ProcessDocument, { from, port, to, flow }: Drawn): Refusal | undefined {
  const source = from === null ? undefined : placeOf(document, from);
  const target = to === null ? undefined : placeOf(document, to);
  if ((from !== null && source === undefined) || (to !== null && target === undefined)) return refuse('no-such-node');
  if (source?.node.type === 'end' && !source.flow.isGraph) return refuse('end-has-no-way-out');
  const home = source?.flow.key ?? flow;
  if (target !== undefined && target.flow.key !== home) return refuse('other-flow');
  if (source === undefined) return target === undefined ? refuse('start-needs-a-node') : undefined;
  if (source.flow.isGraph) return refusalInGraph(source.flow, source.node.id, to);
  if (!portsOf(source.node, false).includes(port)) return refuse(port === 'next' ? 'decides-itself' : 'no-such-way');
  if (to === null && source.flow.nodes.some(({ id }) => id === END)) return refuse('end-is-a-node');
  if (to === FAIL && (port === 'onReject' || port === 'onDeadline')) return refuse('no-such-way');
  return undefined;
}

function refusalInGraph({ nodes }: Flow, from: string, to: string | null): Refusal | undefined {
  if (to === null) return refuse('jump-in-dag');
  if (from === to) return refuse('itself');
  const needs = new Map(nodes.map((node) => [node.id, node.needs ?? []]));
  const open = [from];
  const seen = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return refuse('in-a-circle');
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(needs.get(id) ?? []));
  }
  return undefined;
}

/** A process with an arrow drawn, instead of the one that left by the same port. */
export function connect(document: ProcessDocument, drawn: Drawn): Edited<ProcessDocument> {
  const refusal = refusalOf(document, drawn);
  if (refusal !== undefined) return refusal;
  const { from, port, to } = drawn;
  const place = placeOf(document, (from ?? to) as string);
  if (place === undefined) return refuse('no-such-node');
  const { flow } = place;
  return changeFlow(document, flow.key, (nodes) => {
    if (flow.isGraph) return from === null ? withoutNeeds(nodes, to) : needing(nodes, from, to);
    if (from === null) return beginningWith(nodes, to);
    if (port !== 'next') return nodes.map((node) => (node.id === from ? withTarget(node, port, to) : node));
    return goingOn(nodes, new Map([[from, to]]));
  });
}

const needing = (nodes: readonly NodeDocument[], from: string, to: string | null): readonly NodeDocument[] =>
  nodes.map((node) => (node.id === to ? { ...node, needs: [...new Set([...(node.needs ?? []), from])] } : node));

const withoutNeeds = (nodes: readonly NodeDocument[], id: string | null): readonly NodeDocument[] =>
  nodes.map((node) => (node.id === id ? omitNeeds(node) : node));

function omitNeeds(node: NodeDocument): NodeDocument {
  const { needs: _needs, ...others } = node;
  return others as NodeDocument;
}

/** The first of the list is where a flow begins: it is brought there, and everything goes on as before. */
function beginningWith(nodes: readonly NodeDocument[], id: string | null): readonly NodeDocument[] {
  const first = nodes.find((node) => node.id === id);
  return first === undefined ? nodes : reordered(nodes, [first, ...nodes.filter((node) => node !== first)]);
}

/** A process without an arrow: its node goes to the end instead, or where no way is written. */
export function disconnect(document: ProcessDocument, { from, port, to, flow: key }: Way): Edited<ProcessDocument> {
  if (from === null) return refuse('start-needs-a-node');
  const place = placeOf(document, from);
  if (place === undefined) return refuse('no-such-node');
  if (place.flow.isGraph)
    return changeFlow(document, key, (nodes) => nodes.map((node) => (node.id === to ? notNeeding(node, from) : node)));
  if (port === 'next' && !carriesNext(place.node)) return refuse('decides-itself');
  if (port === 'next') {
    if (place.flow.nodes.some(({ id }) => id === END)) return refuse('end-is-a-node');
    return changeFlow(document, key, (nodes) => goingOn(nodes, new Map([[from, null]])));
  }
  return changeFlow(document, key, (nodes) => nodes.map((node) => (node.id === from ? withTarget(node, port, undefined) : node)));
}

function notNeeding(node: NodeDocument, id: string): NodeDocument {
  const needs = (node.needs ?? []).filter((needed) => needed !== id);
  return needs.length === 0 ? omitNeeds(node) : { ...node, needs };
}

/** Where a port of a node leads now: the arrow itself, implied or written; undefined when there is none. */
export const continuationOf = (flow: Flow, id: string): string | null | undefined => continuationsOf(flow.nodes).get(id);

/** True when a port may be left without a target: the others always lead somewhere. */
export const isOptional = (port: Port): boolean => port !== 'next' && port !== 'start' && !port.startsWith('case:');
