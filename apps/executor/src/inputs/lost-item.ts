import type { BatchItem } from '../instance/batch-item.js';
import type { AttemptState } from './attempts.sql.js';

/** The event that says an attempt is lost; nothing waits for it, since whoever found it looks again. */
export const lostItem = (attempt: AttemptState, message: string): BatchItem => ({
  kind: 'event',
  instanceId: attempt.instanceId,
  event: {
    kind: 'lost',
    taskInstanceId: attempt.id,
    attempt: attempt.attempt,
    dispatch: attempt.dispatch,
    token: attempt.token ?? '',
    message,
  },
  bytes: 200,
  alone: false,
  waitsUntil: null,
  settle: () => undefined,
});
