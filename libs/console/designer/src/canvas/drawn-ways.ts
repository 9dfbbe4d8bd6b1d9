import type { ProcessDocument } from '@orderlines/process-engine';
import { flowsIn, MAIN_FLOW } from '../model/flows.js';
import type { Box, DrawnNode } from '../model/geometry.js';
import { CARD } from '../model/geometry.js';
import { caseOf, waysOf, type Port, type Way } from '../model/ways.js';

/** An arrow between two connectors of the canvas. */
export interface DrawnWay {
  readonly key: string;
  readonly way: Way;
  readonly source: string;
  readonly target: string;
  /** What stands on it: the name or condition of a case. */
  readonly label: string;
  /** How it looks: the ordinary way, one of a switch, or one of a failure. */
  readonly kind: 'order' | 'choice' | 'failure';
}

/** Id of the way out of a node; the start of the flow has none. */
export const outOf = (id: string | null, port: Port): string => `out:${id ?? ''}|${port}`;
/** Id of the way into a node, or to the end of the flow. */
export const into = (id: string | null): string => `in:${id ?? ''}`;

/** The node and port that a connector's id names. */
export function connectorOf(id: string): { readonly node: string | null; readonly port: Port } {
  const [node = '', port = 'next'] = id.slice(id.indexOf(':') + 1).split('|');
  return { node: node === '' ? null : node, port: port as Port };
}

/** A key by which an arrow is known. */
export const wayKey = ({ flow, from, port, to }: Way): string => `${flow}|${from ?? ''}|${port}|${to ?? ''}`;

/** Arrows between what is drawn. The start and the end are drawn for the flow of the process only. */
export function drawnWays(document: ProcessDocument, drawn: readonly DrawnNode[]): readonly DrawnWay[] {
  const nodes = new Map(drawn.map((node) => [node.id, node.node]));
  return flowsIn(document)
    .flatMap(waysOf)
    .filter((way) => way.flow === MAIN_FLOW || (way.from !== null && way.to !== null))
    .filter(({ from, to }) => (from === null || nodes.has(from)) && (to === null || nodes.has(to)))
    .map((way) => ({
      key: wayKey(way),
      way,
      source: outOf(way.from, way.port),
      target: into(way.to),
      label: labelOf(way, nodes),
      kind: kindOfPort(way.port),
    }));
}

/** How the ways out of a port look. */
export function kindOfPort(port: Port): DrawnWay['kind'] {
  if (port === 'onError' || port === 'onReject' || port === 'onDeadline') return 'failure';
  return port === 'default' || port.startsWith('case:') ? 'choice' : 'order';
}

function labelOf({ from, port }: Way, nodes: ReadonlyMap<string, DrawnNode['node']>): string {
  const node = from === null ? undefined : nodes.get(from);
  const index = caseOf(port);
  if (node?.type !== 'switch' || index === undefined) return '';
  const way = node.cases[index];
  return way?.name ?? String(way?.when ?? '').replace(/^\$\{\{\s*|\s*\}\}$/g, '');
}

/** The arrow that runs closest under a point, within reach. */
export function wayUnder(
  point: Pick<Box, 'x' | 'y'>,
  ways: readonly DrawnWay[],
  boxes: ReadonlyMap<string, Box>,
  reach = 28,
): Way | undefined {
  let best: { readonly way: Way; readonly distance: number } | undefined;
  for (const { way } of ways) {
    const source = boxes.get(way.from ?? 'start');
    const target = boxes.get(way.to ?? 'end');
    if (source === undefined || target === undefined) continue;
    const distance = distanceTo(point, bottomOf(source), topOf(target));
    if (distance <= reach && distance < (best?.distance ?? Infinity)) best = { way, distance };
  }
  return best?.way;
}

const bottomOf = ({ x, y, width, height }: Box): Pick<Box, 'x' | 'y'> => ({ x: x + width / 2, y: y + height });
const topOf = ({ x, y, width }: Box): Pick<Box, 'x' | 'y'> => ({ x: x + width / 2, y });

function distanceTo(point: Pick<Box, 'x' | 'y'>, from: Pick<Box, 'x' | 'y'>, to: Pick<Box, 'x' | 'y'>): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length));
  return Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
}

/** Where the start and the end of the process are drawn: above its first node and below all of them. */
export function endsOf(document: ProcessDocument, drawn: readonly DrawnNode[]): { readonly start: Box; readonly end: Box } {
  const size = { width: 96, height: 32 };
  const main = drawn.filter(({ flow }) => flow === MAIN_FLOW).map(({ box }) => box);
  const first = drawn.find(({ id }) => id === document.flow[0]?.id)?.box ?? { x: 80, y: 160, ...CARD };
  const last = main.reduce((lowest, box) => (box.y + box.height > lowest.y + lowest.height ? box : lowest), first);
  return {
    start: { x: first.x + first.width / 2 - size.width / 2, y: first.y - 84, ...size },
    end: { x: last.x + last.width / 2 - size.width / 2, y: (main.length === 0 ? first.y : last.y + last.height) + 52, ...size },
  };
}
