import type { Json } from '@orderlines/contracts';
import { z } from 'zod';
import { SubjectToken } from '../payload/foreign-json.js';

const Values = z.record(z.string(), z.custom<Json>());

/** Request of a worker to start attempts it has pulled; answered by any executor (queue group) after its commit. */
export const CLAIMS = {
  subject: (queue: string) => `claims.${queue}`,
  /** The queue that a subject names; NATS lets a worker publish on its own queues' subjects only. */
  queueOf: (subject: string) => subject.slice('claims.'.length),
  all: 'claims.>',
  group: 'executors',
  /** A worker asks again after this; the same session gets the same answer. */
  timeoutMs: 6_000,
} as const;

/** One attempt a worker wants to start. */
export const ClaimRequest = z.object({
  instanceId: z.uuid(),
  taskInstanceId: z.uuid(),
  attempt: z.int().positive(),
  dispatch: z.int().positive(),
  /** What the worker's task type declares. */
  idempotent: z.boolean(),
  /** True when the task wants params and variables in the answer. */
  wantsVariables: z.boolean(),
  /** Pieces of its input that stand for secrets: the answer brings their values. */
  guarded: z.array(z.string()).max(1_000).optional(),
});
/** One attempt a worker wants to start. */
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** All attempts a worker claims in one request. */
export const ClaimsRequest = z.object({
  format: z.literal(1),
  session: z.uuid(),
  worker: SubjectToken,
  /** Public key of the session, for which secrets are sealed. */
  sessionKey: z.string().max(64).optional(),
  claims: z.array(ClaimRequest).max(256),
});
/** All attempts a worker claims in one request. */
export type ClaimsRequest = z.infer<typeof ClaimsRequest>;

/** Values of the secrets that a granted attempt asked for, sealed for its session; or why there are none. */
export const GrantedSecrets = z.union([
  z.object({ box: z.object({ key: z.string(), box: z.string() }) }),
  z.object({ problem: z.object({ code: z.string(), message: z.string() }) }),
]);
/** Values of the secrets that a granted attempt asked for. */
export type GrantedSecrets = z.infer<typeof GrantedSecrets>;

/** Content of the sealed box. */
export const OpenedSecrets = z.object({
  /** What each guarded piece stands for. */
  values: z.array(z.tuple([z.string(), z.custom<Json>((value) => value !== undefined)])),
  /** Texts that must not be seen in anything the task says. */
  masks: z.array(z.string()),
  /** Key, in base64, and its id, with which what the task makes of them is sealed. */
  key: z.string(),
  keyId: z.string(),
});
/** Content of the sealed box. */
export type OpenedSecrets = z.infer<typeof OpenedSecrets>;

/** Answer to one claim, in the request's order. */
export const ClaimReply = z.discriminatedUnion('granted', [
  z.object({
    granted: z.literal(true),
    token: z.string(),
    params: Values.optional(),
    variables: Values.optional(),
    secrets: GrantedSecrets.optional(),
  }),
  z.object({ granted: z.literal(false), refusal: z.string() }),
]);
/** Answer to one claim. */
export type ClaimReply = z.infer<typeof ClaimReply>;

/** Answers in the request's order, or `retry` when the executor cannot reach its store. */
export const ClaimsReply = z.object({ format: z.literal(1), replies: z.array(ClaimReply).optional(), retry: z.boolean().optional() });
/** Answers in the request's order. */
export type ClaimsReply = z.infer<typeof ClaimsReply>;
