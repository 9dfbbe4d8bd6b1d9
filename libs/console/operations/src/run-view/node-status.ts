import type { TaskStatus } from '@orderlines/contracts';

/** Of several executions of a node the first of these says how the node stands. */
const WEIGHT: readonly TaskStatus[] = ['RUNNING', 'WAITING', 'RETRY', 'PENDING', 'FAILURE', 'STOP', 'SUCCESS', 'SKIP'];

/** How a node stands whose executions stand so. */
export const nodeStatusOf = (statuses: ReadonlySet<string>): TaskStatus => WEIGHT.find((status) => statuses.has(status)) ?? 'PENDING';
