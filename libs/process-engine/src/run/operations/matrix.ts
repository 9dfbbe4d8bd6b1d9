import type { Phase, ProcessStatus } from '@orderlines/contracts';

/** Operations a person or a program can ask of a run. `restart` makes a new run. */
export const OPERATIONS = ['stop', 'pause', 'resume', 'restart'] as const;
/** Name of an operation on a run. */
export type OperationName = (typeof OPERATIONS)[number];

/** Which operation is allowed in which status: the one table behind the API's guard and the console's buttons. */
export const PERMITTED: { readonly [S in ProcessStatus]: readonly OperationName[] } = {
  PENDING: ['stop'],
  RUNNING: ['stop', 'pause'],
  PAUSED: ['stop', 'resume'],
  SUCCESS: ['restart'],
  FAILURE: ['restart'],
  STOP: ['restart'],
};

/** Phases in which a run is on its way out: it can only be stopped (harder). */
const ENDING: ReadonlySet<Phase> = new Set(['stopping', 'teardown']);

/** Operations allowed on a run now. */
export function permitted(status: ProcessStatus, phase?: Phase): readonly OperationName[] {
  return phase !== undefined && ENDING.has(phase) ? PERMITTED[status].filter((operation) => operation === 'stop') : PERMITTED[status];
}
