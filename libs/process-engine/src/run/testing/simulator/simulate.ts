import { Broken } from './checks.js';
import type { Coverage } from './coverage.js';
import type { Safeguard } from './safeguards.js';
import { World } from './world.js';

/** A seed under which something that must hold did not, and what happened. */
export interface Failure {
  readonly seed: number;
  readonly broken: string;
  /** Line by line, the newest last. */
  readonly story: readonly string[];
}

/** Plays the world of a seed; a failure is played again to tell its story. */
export function simulate(seed: number, options: { readonly without?: Safeguard; readonly coverage?: Coverage } = {}): Failure | null {
  const world = new World(seed, options);
  const broken = playedWith(world);
  options.coverage?.add(world.coverage);
  if (broken === null) return null;
  const told = new World(seed, { ...options, isTold: true });
  playedWith(told);
  return { seed, broken, story: told.story.lines };
}

function playedWith(world: World): string | null {
  try {
    world.play();
    return null;
  } catch (error) {
    if (error instanceof Broken) return `${(world.now / 1_000).toFixed(3)} s: ${error.message}`;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
