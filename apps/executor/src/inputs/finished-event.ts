import type { FinishedMessage } from '@orderlines/messaging';
import type { FinishedEvent } from '@orderlines/process-engine';

/** What a worker says about the end of an attempt, as the engine takes it. */
export const finishedEvent = (message: FinishedMessage): FinishedEvent => {
  const { taskInstanceId, attempt, dispatch, token, outcome, variables, logChunks, worker } = message;
  return { kind: 'finished', taskInstanceId, attempt, dispatch, token, outcome, variables, logChunks, worker };
};
