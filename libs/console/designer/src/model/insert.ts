import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { changeFlow, flowAt, MAIN_FLOW, type FlowKey } from './flows.js';
import { continuationsOf, goingOn } from './order.js';
import { refuse, type Edited } from './refusal.js';
import { carriesNext, withTarget, type Way } from './ways.js';

/** A process with a node added at the end of a flow. Nothing leads to it yet, unless it is the first. */
export function append(document: ProcessDocument, node: NodeDocument, key: FlowKey = MAIN_FLOW): ProcessDocument {
  const isGraph = flowAt(document, key)?.isGraph ?? false;
  return changeFlow(document, key, (nodes) => (isGraph ? [...nodes, node] : appended(nodes, [node])));
}

/** Nodes behind a list that the list does not run on into. */
export function appended(nodes: readonly NodeDocument[], added: readonly NodeDocument[]): readonly NodeDocument[] {
  return goingOn([...nodes, ...added], continuationsOf(nodes));
}

/** A process with a node put into an arrow: the arrow leads to it, and it goes on to where the arrow led. */
export function insertInto(document: ProcessDocument, node: NodeDocument, way: Way): Edited<ProcessDocument> {
  const flow = flowAt(document, way.flow);
  if (flow === undefined) return refuse('no-such-node');
  return changeFlow(document, way.flow, (nodes) => {
    if (flow.isGraph) return insertedInGraph(nodes, node, way);
    if (way.port === 'start' || way.port === 'next') return insertedBehind(nodes, node, way);
    const list = appended(nodes, [node]).map((one) => (one.id === way.from ? withTarget(one, way.port, node.id) : one));
    return leadingTo(list, node.id, way.to);
  });
}

function insertedBehind(nodes: readonly NodeDocument[], node: NodeDocument, { from, to }: Way): readonly NodeDocument[] {
  const index = from === null ? 0 : nodes.findIndex(({ id }) => id === from) + 1;
  const before = continuationsOf(nodes);
  const wanted = from === null ? before : new Map([...before, [from, node.id]]);
  return leadingTo(goingOn(nodes.toSpliced(index, 0, node), wanted), node.id, to);
}

/** The new node of a list goes on to a node; a switch does so when no case holds, an end does not. */
function leadingTo(nodes: readonly NodeDocument[], id: string, to: string | null): readonly NodeDocument[] {
  const node = nodes.find((one) => one.id === id);
  if (node === undefined || node.type === 'end') return nodes;
  if (carriesNext(node)) return goingOn(nodes, new Map([[id, to]]));
  return nodes.map((one) => (one.id === id ? withTarget(one, 'default', to) : one));
}

function insertedInGraph(nodes: readonly NodeDocument[], node: NodeDocument, { from, to }: Way): readonly NodeDocument[] {
  const added: NodeDocument = from === null ? node : { ...node, needs: [from] };
  const index = from === null ? 0 : nodes.findIndex(({ id }) => id === from) + 1;
  const others = nodes.map((one) =>
    one.id === to ? { ...one, needs: [...(one.needs ?? []).filter((needed) => needed !== from), node.id] } : one,
  );
  return others.toSpliced(index, 0, added);
}
