import { ExecutorRefused, type ExecutorClient } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import { startObstacle, type ProcessToStart } from './process-to-start.js';

/** Starts that are under way at once. */
export const STARTS_AT_ONCE = 200;
/** While no executor is there a start is tried again after this. */
export const START_AGAIN_MS = 5_000;
/** An executor knows a start that it has made for seven days; long before, one that cannot be made is given up. */
const GIVE_UP_MS = 86_400_000;

/** A start that is due, and held by this scheduler. */
export interface HeldStart extends ProcessToStart {
  readonly id: string;
}

/** What became of a start. */
export interface SettledStart {
  readonly id: string;
  /** The run, or null when it was refused. */
  readonly instanceId: string | null;
  readonly reason: string | null;
  readonly message: string | null;
}

/** What the run is started with, and how long the start has been due. */
interface Attempt {
  readonly request: Omit<Parameters<ExecutorClient['startInstance']>[0], 'processVersionId'>;
  readonly waitedMs: () => number;
}

/** Has the run of a start made, unless something keeps it from that; null: it is to be tried again. */
export const attemptStart = async (
  start: HeldStart,
  { request, waitedMs }: Attempt,
  executor: Pick<ExecutorClient, 'startInstance'>,
  logger: Logger,
): Promise<SettledStart | null> => {
  const { id, versionId } = start;
  const refused = (reason: string, message: string): SettledStart => ({ id, instanceId: null, reason, message });
  const obstacle = startObstacle(start);
  if (obstacle !== null) return refused(...obstacle);
  try {
    const { instanceId } = await executor.startInstance({ ...request, processVersionId: versionId ?? '' });
    return { id, instanceId, reason: null, message: null };
  } catch (error) {
    if (!(error instanceof ExecutorRefused)) throw error;
    if (error.status < 500) return refused(error.code, error.message);
    logger.warn({ err: error, start: request.idempotencyKey }, 'a run could not be started now');
    return waitedMs() < GIVE_UP_MS ? null : refused(error.code, `It could not be started for a day: ${error.message}`);
  }
};

/** Attempts starts together; gives what became of them, and the ids of those that are to be tried again. */
export const attemptAll = async <Start extends HeldStart>(
  starts: readonly Start[],
  attempt: (start: Start) => Promise<SettledStart | null>,
): Promise<{ readonly settled: SettledStart[]; readonly later: string[] }> => {
  const outcomes = await Promise.all(starts.map(async (start) => ({ id: start.id, settled: await attempt(start) })));
  return {
    settled: outcomes.flatMap(({ settled }) => settled ?? []),
    later: outcomes.flatMap(({ id, settled }) => (settled === null ? [id] : [])),
  };
};
