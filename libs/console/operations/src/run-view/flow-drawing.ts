import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';

/** A box of the drawing; containers hold others. Lengths in pixels. */
export interface DrawnNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isContainer: boolean;
}

/** A way from one node to another. */
export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** True: only taken when the node has failed. */
  readonly onError: boolean;
  /** An SVG path. */
  readonly path: string;
}

/** A name beside boxes: of a branch, or of the setup and teardown. */
export interface DrawnLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** A process as boxes and arrows. */
export interface FlowDrawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly labels: readonly DrawnLabel[];
  readonly width: number;
  readonly height: number;
}

const BOX = { width: 208, height: 46 };
const GAP = { x: 28, y: 30 };
const PAD = 16;
const HEAD = 34;
const LABEL = 20;
/** Room at the right of a flow for each way that jumps. */
const LANE = 16;

interface Placed {
  readonly nodes: readonly DrawnNode[];
  readonly labels: readonly DrawnLabel[];
  readonly ways: readonly Way[];
  readonly width: number;
  readonly height: number;
}

type Way = Omit<DrawnEdge, 'path'> & { readonly lane: number };

/** Lays a process out from top to bottom, containers around what they hold. */
export const drawFlow = ({ setup, flow, teardown, type }: ProcessDocument): FlowDrawing => {
  const sections = [
    ...(setup?.length ? [{ label: 'setup', placed: placeFlow(setup) }] : []),
    { label: '', placed: type === 'dag' ? placeDag(flow) : placeFlow(flow) },
    ...(teardown?.length ? [{ label: 'teardown', placed: placeFlow(teardown) }] : []),
  ];
  const whole = below(sections.map(({ label, placed }) => (label ? labelled(label, placed) : placed)));
  const nodes = whole.nodes.map((node) => ({ ...node, x: node.x + PAD, y: node.y + PAD }));
  const labels = whole.labels.map((label) => ({ ...label, x: label.x + PAD, y: label.y + PAD }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = whole.ways.flatMap(({ lane, ...way }) => {
    const [from, to] = [byId.get(way.from), byId.get(way.to)];
    return from && to ? [{ ...way, path: pathOf(from, to, lane) }] : [];
  });
  return { nodes, edges, labels, width: whole.width + 2 * PAD, height: whole.height + 2 * PAD };
};

const placeFlow = (flow: readonly NodeDocument[]): Placed => {
  const column = below(flow.map(placeNode));
  const order = new Map(flow.map(({ id }, index) => [id, index]));
  let lane = 0;
  const ways = flow.flatMap((node, index) =>
    waysOf(node, flow[index + 1]?.id).map((way) => ({ ...way, lane: order.get(way.to) === index + 1 ? 0 : ++lane })),
  );
  return { ...column, ways: [...column.ways, ...ways], width: column.width + lane * LANE };
};

/** Where a node of a flow can lead. */
const waysOf = (node: NodeDocument, following: string | undefined): Omit<Way, 'lane'>[] => {
  const way = (to: string | undefined, label = '', onError = false) =>
    to === undefined || to === 'end' || to === 'fail' ? [] : [{ from: node.id, to, label, onError }];
  const failure = typeof node.onError === 'object' ? way(node.onError.goto, '', true) : [];
  switch (node.type) {
    case 'end':
      return [];
    case 'switch':
      return [...node.cases.flatMap(({ name, next }, index) => way(next, name ?? `${index + 1}`)), ...way(node.default), ...failure];
    case 'approval':
      return [...way(node.next ?? following), ...way(node.onReject, '', true), ...way(node.onDeadline, '', true), ...failure];
    default:
      return [...way(node.next ?? following), ...failure];
  }
};

const placeNode = (node: NodeDocument): Placed => {
  switch (node.type) {
    case 'group':
      return around(
        node,
        below([
          ...(node.setup?.length ? [labelled('setup', placeFlow(node.setup))] : []),
          placeFlow(node.flow),
          ...(node.teardown?.length ? [labelled('teardown', placeFlow(node.teardown))] : []),
        ]),
      );
    case 'foreach':
      return around(node, placeFlow(node.flow));
    case 'parallel':
      return around(node, beside(Object.entries(node.branches).map(([name, flow]) => labelled(name, placeFlow(flow)))));
    case 'dag':
      return around(node, placeDag(node.nodes));
    default:
      return {
        nodes: [{ id: node.id, name: node.name ?? node.id, type: kindOf(node), x: 0, y: 0, ...BOX, isContainer: false }],
        labels: [],
        ways: [],
        ...BOX,
      };
  }
};

const kindOf = (node: NodeDocument): string => (node.type === 'task' ? node.uses : node.type);

/** Nodes of a dag in rows: each below all that it needs. */
const placeDag = (nodes: readonly NodeDocument[]): Placed => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depths = new Map<string, number>();
  const depthOf = (id: string, above: ReadonlySet<string> = new Set()): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // A draft may hold a circle, which nobody can run.
    const needs = (byId.get(id)?.needs ?? []).filter((need) => byId.has(need) && !above.has(need));
    const depth = needs.length === 0 ? 0 : 1 + Math.max(...needs.map((need) => depthOf(need, new Set([...above, id]))));
    depths.set(id, depth);
    return depth;
  };
  const rows: NodeDocument[][] = [];
  for (const node of nodes) (rows[depthOf(node.id)] ??= []).push(node);
  const placed = below(rows.map((row) => beside(row.map(placeNode))));
  const ways = nodes.flatMap(({ id, needs = [] }) => needs.map((from) => ({ from, to: id, label: '', onError: false, lane: 0 })));
  return { ...placed, ways: [...placed.ways, ...ways] };
};

const around = (node: NodeDocument, inside: Placed): Placed => {
  const width = Math.max(inside.width, BOX.width) + 2 * PAD;
  const height = inside.height + HEAD + PAD;
  const box = { id: node.id, name: node.name ?? node.id, type: kindOf(node), x: 0, y: 0, width, height, isContainer: true };
  const moved = shift(inside, (width - inside.width) / 2, HEAD);
  return { nodes: [box, ...moved.nodes], labels: moved.labels, ways: moved.ways, width, height };
};

const labelled = (text: string, placed: Placed): Placed => {
  const moved = shift(placed, 0, LABEL);
  return { ...moved, labels: [{ text, x: 0, y: LABEL - 7 }, ...moved.labels], height: placed.height + LABEL };
};

const below = (parts: readonly Placed[]): Placed => {
  const width = Math.max(0, ...parts.map((part) => part.width));
  let y = 0;
  const moved = parts.map((part) => {
    const at = shift(part, (width - part.width) / 2, y);
    y += part.height + GAP.y;
    return at;
  });
  return joined(moved, width, Math.max(0, y - GAP.y));
};

const beside = (parts: readonly Placed[]): Placed => {
  let x = 0;
  const moved = parts.map((part) => {
    const at = shift(part, x, 0);
    x += part.width + GAP.x;
    return at;
  });
  return joined(moved, Math.max(0, x - GAP.x), Math.max(0, ...parts.map(({ height }) => height)));
};

const joined = (parts: readonly Placed[], width: number, height: number): Placed => ({
  nodes: parts.flatMap(({ nodes }) => nodes),
  labels: parts.flatMap(({ labels }) => labels),
  ways: parts.flatMap(({ ways }) => ways),
  width,
  height,
});

const shift = (placed: Placed, x: number, y: number): Placed => ({
  ...placed,
  nodes: placed.nodes.map((node) => ({ ...node, x: node.x + x, y: node.y + y })),
  labels: placed.labels.map((label) => ({ ...label, x: label.x + x, y: label.y + y })),
});

/** Straight down to the next one; around the right side, in a lane of its own, to any other. */
const pathOf = (from: DrawnNode, to: DrawnNode, lane: number): string => {
  if (lane === 0) {
    const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
    const bend = Math.max(10, (y2 - y1) / 2);
    return `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
  }
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x + to.width, to.y + to.height / 2];
  const side = Math.max(x1, x2) + lane * LANE;
  return `M${x1},${y1} C${side},${y1} ${side},${y1} ${side},${(y1 + y2) / 2} C${side},${y2} ${side},${y2} ${x2},${y2}`;
};
