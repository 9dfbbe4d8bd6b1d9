import type { FlowKey } from '../model/flows.js';
import { flowKey, sectionsOf } from '../model/flows.js';
import { lanesOf, type Box, type DrawnNode, type DrawnProcess } from '../model/geometry.js';
import type { DrawnWay } from './drawn-ways.js';

/** What of the canvas is seen, and how large: pixels of the screen for one of the canvas. */
export interface View extends Box {
  readonly scale: number;
}

/** So many nodes are drawn with all they have to click and to drag; of more, those are that a person can make out. */
export const WHOLE_UP_TO = 120;

/** How much is made ready around what is seen, as a share of it. */
const AROUND = 0.5;
/** What was made ready serves until what is seen is this much smaller. */
const TOO_LARGE = 4;

export const touches = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

const holds = (outer: Box, inner: Box): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** What is made ready for a view: the same as before as long as that serves, so that little changes while a person looks around. */
export function readyFor(view: Box, before?: Box): Box {
  if (before !== undefined && holds(before, view) && before.width <= view.width * TOO_LARGE) return before;
  const [x, y] = [view.width * AROUND, view.height * AROUND];
  return { x: view.x - x, y: view.y - y, width: view.width + 2 * x, height: view.height + 2 * y };
}

/** Ids of nodes and lanes that are drawn whole: all of a small process, otherwise what is in sight with what an arrow joins it to; none of too many. */
export function drawnWhole({ nodes, lanes }: DrawnProcess, ways: readonly DrawnWay[], ready: Box): ReadonlySet<string> {
  if (nodes.length <= WHOLE_UP_TO) return new Set([...nodes, ...lanes].map(({ id }) => id));
  const inSight = nodes.filter(({ box }) => touches(box, ready)).map(({ id }) => id);
  if (inSight.length > WHOLE_UP_TO) return new Set();
  const seen = new Set(inSight);
  const joined = ways.flatMap(({ way: { from, to } }) => {
    if (from === null || to === null || seen.has(from) === seen.has(to)) return [];
    return [seen.has(from) ? to : from];
  });
  const all = new Set([...inSight, ...joined]);
  const whole = all.size > WHOLE_UP_TO ? inSight : [...all];
  return new Set([...whole, ...lanes.filter(({ box }) => touches(box, ready)).map(({ id }) => id)]);
}

/** The flow that a point of the canvas lies in: of the innermost container or lane there. */
export function flowUnder({ nodes, lanes }: DrawnProcess, { x, y }: Pick<Box, 'x' | 'y'>): FlowKey | undefined {
  const point = { x, y, width: 1, height: 1 };
  const areas = [
    ...lanes.map(({ flow, box }) => ({ flow, box })),
    ...nodes
      .filter(({ open }) => open)
      .flatMap((drawn) => (onlyFlowOf(drawn) === undefined ? [] : [{ flow: onlyFlowOf(drawn)!, box: drawn.box }])),
  ].filter(({ box }) => touches(box, point));
  return areas.toSorted((one, other) => areaOf(one.box) - areaOf(other.box))[0]?.flow;
}

function onlyFlowOf({ id, node }: DrawnNode): FlowKey | undefined {
  const [section] = sectionsOf(node)[0] ?? [];
  return section === undefined || lanesOf(node).length > 0 ? undefined : flowKey(id, section);
}

export const areaOf = ({ width, height }: Box): number => width * height;
