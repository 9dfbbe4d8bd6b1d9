import type { NodeDocument, ProcessDocument } from '@orderlines/process-engine';
import { drawingOf, type Drawing } from './drawing.js';
import { branchOf, flowKey, isContainer, MAIN_FLOW, sectionsOf, type FlowKey } from './flows.js';

/** A rectangle of the canvas, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Size of a node's card. */
export const CARD = { width: 216, height: 60 } as const;
/** Room that a container leaves around its inside, and for its own name above it. */
export const ROOM = { padding: 24, header: 44, gap: 48 } as const;
/** Size of a container or lane in which nothing stands. */
export const EMPTY = { width: 264, height: 132 } as const;

/** Distance of the points that nodes snap to. */
export const GRID = 16;

/** The point of the grid next to another one. */
export const snapped = ({ x, y }: Pick<Box, 'x' | 'y'>): Pick<Box, 'x' | 'y'> => ({
  x: Math.round(x / GRID) * GRID,
  y: Math.round(y / GRID) * GRID,
});

/** A node where it is drawn. */
export interface DrawnNode {
  readonly id: string;
  readonly node: NodeDocument;
  readonly flow: FlowKey;
  readonly box: Box;
  /** The container or lane that it stands in, by the id of its rectangle; null outside. */
  readonly parent: string | null;
  /** True: its inside is drawn in it. */
  readonly open: boolean;
}

/** One of several flows of a container, or setup and teardown of the process. */
export interface DrawnLane {
  readonly id: string;
  readonly flow: FlowKey;
  /** Name of the branch; of other sections undefined. */
  readonly branch: string | undefined;
  readonly section: string;
  readonly box: Box;
  readonly parent: string | null;
}

/** A process as it is drawn; containers stand before what is in them. */
export interface DrawnProcess {
  readonly nodes: readonly DrawnNode[];
  readonly lanes: readonly DrawnLane[];
}

/** Above so many nodes containers are drawn closed unless the drawing says otherwise. */
export const OPEN_UP_TO = 500;

/** Id of the rectangle of a lane. */
export const laneId = (key: FlowKey): string => `lane:${key}`;

/** The flows of a container that are drawn as lanes: only where there are several. */
export function lanesOf(container: NodeDocument | ProcessDocument): readonly string[] {
  const sections = sectionsOf(container).map(([section]) => section);
  if ('kind' in container) return sections.filter((section) => section !== 'flow');
  return container.type === 'parallel' || sections.length > 1 ? sections : [];
}

/** Where everything of a process is drawn; a node without a place stands below the one before it. */
export function geometryOf(document: ProcessDocument, closedByDefault = false): DrawnProcess {
  return new Drawer(drawingOf(document), closedByDefault).draw(document);
}

class Drawer {
  private readonly nodes: DrawnNode[] = [];
  private readonly lanes: DrawnLane[] = [];

  constructor(
    private readonly drawing: Drawing,
    private readonly closedByDefault: boolean,
  ) {}

  draw(document: ProcessDocument): DrawnProcess {
    const main = this.flow(MAIN_FLOW, document.flow, { x: 80, y: 120 }, null);
    let x = (main === undefined ? 80 : main.x + main.width) + ROOM.gap * 2;
    for (const section of lanesOf(document)) {
      const nodes = sectionsOf(document).find(([name]) => name === section)?.[1] ?? [];
      x = this.lane('', section, nodes, { x, y: main?.y ?? 120 }, null).x + EMPTY.width + ROOM.gap;
    }
    return { nodes: this.nodes, lanes: this.lanes };
  }

  /** Draws the nodes of a flow and says what room they take. */
  private flow(key: FlowKey, nodes: readonly NodeDocument[], origin: Pick<Box, 'x' | 'y'>, parent: string | null): Box | undefined {
    let next = origin;
    const boxes = nodes.map((node) => {
      const box = this.node(node, key, this.drawing.nodes[node.id] ?? next, parent);
      next = { x: box.x, y: box.y + box.height + ROOM.gap };
      return box;
    });
    return around(boxes);
  }

  private node(node: NodeDocument, flow: FlowKey, at: Pick<Box, 'x' | 'y'>, parent: string | null): Box {
    const open = isContainer(node) && !(this.drawing.nodes[node.id]?.closed ?? this.closedByDefault);
    const place = this.nodes.length;
    const drawn = { id: node.id, node, flow, parent, open, box: { x: at.x, y: at.y, ...CARD } };
    this.nodes.push(drawn);
    if (!open) return drawn.box;
    const inside = this.inside(node, { x: at.x + ROOM.padding, y: at.y + ROOM.header + ROOM.padding });
    const box = inside === undefined ? { x: at.x, y: at.y, ...EMPTY } : withRoom(inside);
    this.nodes[place] = { ...drawn, box };
    return box;
  }

  private inside(node: NodeDocument, origin: Pick<Box, 'x' | 'y'>): Box | undefined {
    const lanes = lanesOf(node);
    const sections = sectionsOf(node);
    if (lanes.length === 0) {
      const [section, nodes] = sections[0] ?? ['flow', []];
      return this.flow(flowKey(node.id, section), nodes, origin, node.id);
    }
    let x = origin.x;
    const boxes = sections.map(([section, nodes]) => {
      const box = this.lane(node.id, section, nodes, { x, y: origin.y }, node.id);
      x = box.x + box.width + ROOM.padding;
      return box;
    });
    return around(boxes);
  }

  private lane(owner: string, section: string, nodes: readonly NodeDocument[], at: Pick<Box, 'x' | 'y'>, parent: string | null): Box {
    const key = flowKey(owner, section);
    const id = laneId(key);
    const place = this.lanes.length;
    const lane = { id, flow: key, branch: branchOf(section), section, parent, box: { x: at.x, y: at.y, ...EMPTY } };
    this.lanes.push(lane);
    const inside = this.flow(key, nodes, { x: at.x + ROOM.padding, y: at.y + ROOM.header + ROOM.padding }, id);
    const box = inside === undefined ? lane.box : withRoom(inside);
    this.lanes[place] = { ...lane, box };
    return box;
  }
}

/** The rectangle around some others. */
export function around(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

const withRoom = ({ x, y, width, height }: Box): Box => ({
  x: x - ROOM.padding,
  y: y - ROOM.header - ROOM.padding,
  width: Math.max(EMPTY.width, width + 2 * ROOM.padding),
  height: height + ROOM.header + 2 * ROOM.padding,
});
