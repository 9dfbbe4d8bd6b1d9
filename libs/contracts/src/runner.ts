/** Where the tasks of a parallel run: in ordinary slots, or in processes of which a worker has one a core. */
export type Runner = 'io' | 'cpu';

const CPU_SUFFIX = '-cpu';

/** Longest name of a queue: the one beside it for the cpu runner must be a name too. */
export const QUEUE_LENGTH = 64 - CPU_SUFFIX.length;

/** The queue beside a queue whose tasks take a core each: every worker of the one also takes from the other, as many as it has cores. */
export const cpuQueue = (queue: string): string => (isCpuQueue(queue) ? queue : `${queue}${CPU_SUFFIX}`);

/** True for a queue that {@link cpuQueue} gives. */
export const isCpuQueue = (queue: string): boolean => queue.endsWith(CPU_SUFFIX);
