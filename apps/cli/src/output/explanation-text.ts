import type { Explanation } from '@orderlines/contracts';
import { facts, table } from './table.js';

/** What a run does and waits for, for people. */
export const explanationText = ({ id, status, phase, running, waits }: Explanation): string => {
  const parts = [facts({ run: id, status, phase })];
  if (running.length > 0) {
    parts.push(
      table(
        [
          { heading: 'RUNS', value: (task) => task.path },
          { heading: 'ON WORKER', value: (task) => task.worker },
          { heading: 'ATTEMPT', value: (task) => task.attempt },
          { heading: 'SINCE', value: (task) => task.since },
        ],
        running,
      ),
    );
  }
  if (waits.length > 0) {
    parts.push(
      table(
        [
          { heading: 'WAITS', value: ({ path }) => path ?? 'the run' },
          { heading: 'WHY', value: ({ reason }) => reason.text },
          { heading: 'SINCE', value: ({ reason }) => reason.since },
          { heading: 'WHAT TO DO', value: ({ advice }) => advice },
        ],
        waits,
      ),
    );
  }
  if (parts.length === 1) parts.push('Nothing is left to happen: the run has ended.');
  return parts.join('\n\n');
};
