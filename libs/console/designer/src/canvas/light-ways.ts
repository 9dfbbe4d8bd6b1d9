import type { Box } from '../model/geometry.js';
import type { DrawnWay } from './drawn-ways.js';

/** How far an arrow leaves a node before it turns. */
const OUT = 18;
const HEAD = { width: 4, height: 7 } as const;

interface Ends {
  readonly source: Box;
  /** Percent of the width of the source at which the arrow leaves it. */
  readonly at: number;
  readonly target: Box;
}

/** An arrow as the text of an SVG path, with its head: straight down where it can, around the side of both ends where it leads back. */
export function lightWay({ source, at, target }: Ends): string {
  const [x1, y1] = [source.x + (source.width * at) / 100, source.y + source.height];
  const [x2, y2] = [target.x + target.width / 2, target.y];
  const side = Math.max(source.x + source.width, target.x + target.width) + OUT;
  const bend = y2 - y1 >= 2 * OUT ? `V${(y1 + y2) / 2}H${x2}` : `V${y1 + OUT}H${side}V${y2 - OUT}H${x2}`;
  return `M${x1} ${y1}${bend}V${y2}m${-HEAD.width} ${-HEAD.height}l${HEAD.width} ${HEAD.height}l${HEAD.width} ${-HEAD.height}`;
}

/** Many arrows as one path for each of their looks. */
export function lightWays(
  ways: readonly DrawnWay[],
  endsOf: (way: DrawnWay) => { readonly [end in keyof Ends]: Ends[end] | undefined },
): ReadonlyMap<DrawnWay['kind'], string> {
  const paths = new Map<DrawnWay['kind'], string>();
  for (const drawn of ways) {
    const { source, at, target } = endsOf(drawn);
    if (source === undefined || at === undefined || target === undefined) continue;
    paths.set(drawn.kind, (paths.get(drawn.kind) ?? '') + lightWay({ source, at, target }));
  }
  return paths;
}
