import { ValueDigest } from '@orderlines/contracts';
import { z } from 'zod';

/**
 * Pieces of large values and files between workers and executors (request and answer, raw bytes): Postgres is written and read at once,
 * so that nothing of them lies in a stream. Only the holder of a running attempt is answered.
 */
export const VALUES = {
  put: (queue: string) => `values.put.${queue}`,
  get: (queue: string) => `values.get.${queue}`,
  all: 'values.*.>',
  group: 'executors',
  /** The direction and the queue that a subject names; NATS lets a worker publish on its own queues' subjects only. */
  read: (subject: string): { readonly put: boolean; readonly queue: string } => ({
    put: subject.startsWith('values.put.'),
    queue: subject.slice('values.put.'.length),
  }),
  /** Header of a request: a {@link ValueAddress} as JSON. */
  addressHeader: 'Orderlines-Value',
  /** Header of an answer: a {@link ValueOutcome}. */
  outcomeHeader: 'Orderlines-Outcome',
  timeoutMs: 6_000,
} as const;

/** Which piece of which content, and who asks. */
export const ValueAddress = z.object({
  format: z.literal(1),
  instanceId: z.uuid(),
  taskInstanceId: z.uuid(),
  /** The claim's token. */
  token: z.string().max(100),
  sha256: ValueDigest,
  /** Number of the piece, from 0. */
  chunk: z.int().nonnegative().max(255),
});
/** Which piece of which content, and who asks. */
export type ValueAddress = z.infer<typeof ValueAddress>;

/** What became of a request for a piece. */
export const ValueOutcome = z.enum([
  /** It is stored, or it is in the answer. */
  'done',
  /** There is no such piece in the run. */
  'missing',
  /** The attempt is not running any more, or not this worker's. */
  'refused',
  /** Ask again a little later. */
  'busy',
]);
/** What became of a request for a piece. */
export type ValueOutcome = z.infer<typeof ValueOutcome>;
