import { decodePayload, FinishedMessage } from '@orderlines/messaging';
import type { FinishedEvent } from '@orderlines/process-engine';

/** What a worker says about the end of an attempt, as the engine takes it. */
export const finishedEvent = (message: FinishedMessage): FinishedEvent => {
  const { taskInstanceId, attempt, dispatch, token, outcome, variables, logChunks, worker } = message;
  return { kind: 'finished', taskInstanceId, attempt, dispatch, token, outcome, variables, logChunks, worker };
};

/** What a worker said of an attempt. */
export interface Finished {
  readonly worker: string;
  readonly event: FinishedEvent;
}

/** Which attempt a message is about, when the rest of it is no good. */
const Fences = FinishedMessage.pick({ taskInstanceId: true, attempt: true, dispatch: true, token: true, worker: true });

/** Reads a message; one whose result cannot be stored fails its attempt; a text says why nothing can be made of it. */
export const readFinished = (data: Uint8Array): Finished | string => {
  const decoded = decodePayload(FinishedMessage, data);
  if (decoded.ok) {
    return { worker: decoded.value.worker, event: finishedEvent(decoded.value) };
  }
  const fences = decodePayload(Fences, data);
  if (!fences.ok) return `not understood: ${decoded.problem}`;
  const { worker, ...attempt } = fences.value;
  const failure = { reason: 'plugin', code: 'result.unreadable', message: `The result cannot be stored: ${decoded.problem}` } as const;
  return { worker, event: { kind: 'finished', ...attempt, logChunks: 0, outcome: { status: 'FAILURE', failure } } };
};
