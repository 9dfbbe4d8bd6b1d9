import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 5_000;
/** Share of the time between two looks in which the service did something: below it rests. */
const RESTING = 0.05;
/** How much larger the process must have grown since the last relief for another one. */
const WORTH = 1.2;

/**
 * Lets a service that rests give back what its work took: V8 keeps a heap as large as the last burst made it for as long as nothing
 * comes, which is for hours at night. Nothing is collected while there is work. Looks every `everyMs` until the answered function is
 * called, and keeps no process alive.
 */
export const relieveMemoryAtRest = (everyMs = LOOK_MS): (() => void) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let seen = performance.eventLoopUtilization();
  let wasRelieved = false;
  let relieved = 0;
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, seen);
    seen = now;
    const bytes = process.memoryUsage.rss();
    // Pages go back to the system a moment after their collection: what is left is read at the look after it.
    if (wasRelieved) relieved = bytes;
    wasRelieved = utilization < RESTING && bytes > relieved * WORTH;
    if (wasRelieved) collect();
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
};
