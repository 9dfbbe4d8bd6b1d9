import type { World } from './world.js';

/** Lets something greater than a lost message go wrong now and then. */
export function accidents(world: World, untilMs: number): void {
  const { chance, faults } = world;
  if (faults.accidentEveryMs === 0) return;
  world.after(chance.between(500, 2 * faults.accidentEveryMs), () => {
    if (world.now > untilMs) return;
    const [name, happens] = chance.pick(ACCIDENTS) as (typeof ACCIDENTS)[number];
    world.coverage.count('accidents', name);
    happens(world);
    accidents(world, untilMs);
  });
}

const ACCIDENTS: readonly (readonly [name: string, happens: (world: World) => void])[] = [
  ['executor dies', ({ anyExecutor }) => anyExecutor()?.crash()],
  ['executor stands still', ({ anyExecutor, chance }) => anyExecutor()?.freeze(chance.between(1_000, 60_000))],
  ['worker dies', ({ anyWorker }) => anyWorker()?.crash()],
  ['worker stands still', ({ anyWorker, chance }) => anyWorker()?.freeze(chance.between(1_000, 60_000))],
  ['worker is cut off', ({ anyWorker, chance }) => anyWorker()?.cutOff(chance.between(1_000, 60_000))],
  ['transport is restarted', (world) => restart(world)],
  ['transport is wiped', (world) => wipe(world)],
];

function restart({ story, now, tasks, runs }: World): void {
  story.tell(now, 'transport', () => 'is killed and started: young acknowledgements are forgotten');
  tasks.restart();
  runs.restart();
}

function wipe({ story, now, tasks, runs }: World): void {
  story.tell(now, 'transport', () => 'loses its storage');
  tasks.wipe();
  runs.wipe();
}
