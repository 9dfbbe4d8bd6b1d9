import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import type { DrawnPlace } from '../model/drawing.js';
import { flowKey, isContainer, MAIN_FLOW, sectionsOf, type FlowKey } from '../model/flows.js';
import { CARD, EMPTY, laneId, lanesOf, ROOM } from '../model/geometry.js';
import { waysOf } from '../model/ways.js';

const PADDING = `[top=${ROOM.header + ROOM.padding},left=${ROOM.padding},bottom=${ROOM.padding},right=${ROOM.padding}]`;
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.spacing.nodeNode': '48',
  'elk.layered.spacing.nodeNodeBetweenLayers': '56',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
};
/** Lanes stand side by side, in their order. */
const LANES = { ...OPTIONS, 'elk.separateConnectedComponents': 'false', 'elk.layered.considerModelOrder.strategy': 'PREFER_NODES' };

/** What the layouter is asked. */
export function elkGraph(document: ProcessDocument, isOpen: (id: string) => boolean): ElkNode {
  const main = childrenOf(MAIN_FLOW, document.flow, document.type === 'dag', isOpen);
  const lanes = lanesOf(document).map((section) => laneOf('', section, document, isOpen));
  return { id: 'process', layoutOptions: OPTIONS, children: [...(main.children ?? []), ...lanes], edges: main.edges ?? [] };
}

function childrenOf(
  key: FlowKey,
  nodes: readonly NodeDocument[],
  isGraph: boolean,
  isOpen: (id: string) => boolean,
): Pick<ElkNode, 'children' | 'edges'> {
  const ways = waysOf({ key, owner: '', section: '', nodes, isGraph });
  const edges = ways.flatMap(({ from, port, to }) =>
    from === null || to === null || from === to ? [] : [{ id: `${from}|${port}|${to}`, sources: [from], targets: [to] }],
  );
  return { children: nodes.map((node) => nodeOf(node, isOpen)), edges };
}

function nodeOf(node: NodeDocument, isOpen: (id: string) => boolean): ElkNode {
  const sections = sectionsOf(node);
  if (!isContainer(node) || !isOpen(node.id)) return { id: node.id, ...CARD };
  if (sections.every(([, nodes]) => nodes.length === 0) && lanesOf(node).length === 0) return { id: node.id, ...EMPTY };
  if (lanesOf(node).length > 0) {
    const children = sections.map(([section]) => laneOf(node.id, section, node, isOpen));
    return { id: node.id, layoutOptions: { ...LANES, 'elk.padding': PADDING }, children };
  }
  const [section, nodes] = sections[0] ?? ['flow', []];
  return {
    id: node.id,
    layoutOptions: { ...OPTIONS, 'elk.padding': PADDING },
    ...childrenOf(flowKey(node.id, section), nodes, node.type === 'dag', isOpen),
  };
}

function laneOf(owner: string, section: string, container: NodeDocument | ProcessDocument, isOpen: (id: string) => boolean): ElkNode {
  const key = flowKey(owner, section);
  const nodes = sectionsOf(container).find(([name]) => name === section)?.[1] ?? [];
  if (nodes.length === 0) return { id: laneId(key), ...EMPTY };
  return { id: laneId(key), layoutOptions: { ...OPTIONS, 'elk.padding': PADDING }, ...childrenOf(key, nodes, false, isOpen) };
}

/** Where the layouter put every node, on the canvas. */
export function placesOf(graph: ElkNode, origin = { x: 80, y: 120 }): Readonly<Record<string, DrawnPlace>> {
  const places: Record<string, DrawnPlace> = {};
  const walk = (nodes: readonly ElkNode[], at: { readonly x: number; readonly y: number }): void => {
    for (const { id, x = 0, y = 0, children = [] } of nodes) {
      const place = { x: Math.round(at.x + x), y: Math.round(at.y + y) };
      if (!id.startsWith('lane:')) places[id] = place;
      walk(children, place);
    }
  };
  walk(graph.children ?? [], origin);
  return places;
}
