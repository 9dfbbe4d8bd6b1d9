import type { Msg } from '@nats-io/transport-node';
import { z } from 'zod';
import type { MessagingErrorCode } from './messaging-error.js';

/** The server's word that a message is stored. */
export interface Stored {
  readonly stream: string;
  readonly sequence: number;
  /** True: a message with this id was stored before, this one was dropped. */
  readonly duplicate: boolean;
}

/** Why a message was not stored. */
export interface NotStored {
  readonly code: MessagingErrorCode;
  readonly problem: string;
}

const StoreAnswer = z.union([
  z.object({ error: z.object({ err_code: z.int().optional(), description: z.string() }) }),
  z.object({ stream: z.string(), seq: z.int(), duplicate: z.boolean().optional() }),
]);

/** `JSStreamStoreFailed`: the reason stands in the text only. */
const STORE_FAILED = 10077;
const NO_RESPONDERS = 503;

/** Reads what JetStream answers to a publication (https://docs.nats.io/reference/reference-protocols/nats_api_reference). */
export const readStoreAnswer = (message: Msg): Stored | NotStored => {
  if (message.headers?.code === NO_RESPONDERS) return { code: 'nats.missing', problem: 'no stream listens on the subject' };
  let given: unknown;
  try {
    given = message.json();
  } catch {
    given = undefined;
  }
  const answer = StoreAnswer.safeParse(given);
  if (!answer.success) return { code: 'nats.failed', problem: 'the answer was not understood' };
  if ('stream' in answer.data) {
    const { stream, seq: sequence, duplicate = false } = answer.data;
    return { stream, sequence, duplicate };
  }
  const { err_code: code, description: problem } = answer.data.error;
  return { code: code === STORE_FAILED ? fullness(problem) : 'nats.failed', problem };
};

const fullness = (problem: string): MessagingErrorCode => {
  if (problem.includes('per subject')) return 'nats.subject-full';
  return problem.startsWith('maximum') ? 'nats.full' : 'nats.failed';
};
