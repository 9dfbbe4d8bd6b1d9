import { createHash } from 'node:crypto';
import { splitValue, type JsonObject } from '@orderlines/contracts';
import { CLAIMS, ClaimsRequest, MAX_MESSAGE_BYTES, type ClaimReply, type ClaimRequest, type ClaimsReply } from '@orderlines/messaging';
import type { ClaimAnswer } from '@orderlines/process-engine';
import { describeError, type Logger } from '@orderlines/service-host';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import type { BatchItem, Outcome } from '../instance/batch-item.js';
import type { TaskSecrets } from '../secrets/task-secrets.js';
import { writeParts } from '../store/large-values.sql.js';

/** Params, and variables, that stay in an answer too large for a message. */
const VALUES_BYTES = 128 * 1024;
const RETRY = JSON.stringify({ format: 1, retry: true } satisfies ClaimsReply);

/** Answers workers that want to start attempts: each claim goes through a batch, the request is answered when all are committed. */
export class ClaimsInput {
  private subscription: Subscription | undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly pool: Pool,
    private readonly submit: (item: BatchItem) => void,
    private readonly secrets: TaskSecrets,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.subscription = this.nats.subscribe(CLAIMS.all, {
      queue: CLAIMS.group,
      callback: (error, message) => {
        if (error === null) this.receive(message);
        else this.logger.error({ err: error }, 'the subscription to claims failed');
      },
    });
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  private receive(message: Msg): void {
    const answer = (reply: ClaimsReply) => void message.respond(JSON.stringify(reply));
    let request: ClaimsRequest;
    try {
      request = ClaimsRequest.parse(message.json());
    } catch (error) {
      this.logger.warn({ subject: message.subject, error: describeError(error) }, 'a claim was not understood');
      return answer({ format: 1, replies: [] });
    }
    const queue = CLAIMS.queueOf(message.subject);
    void Promise.all(request.claims.map((claim) => this.claim(request, claim, queue)))
      .then((outcomes) => this.repliesThatFit(request, outcomes))
      .catch((error: unknown) => {
        this.logger.warn({ error: describeError(error) }, 'the answer to a claim could not be made small enough');
        return null;
      })
      .then((text) => void message.respond(text ?? RETRY));
  }

  /** The answer's text, or null when its worker has to ask again: for fewer at a time, or because the store is away. */
  private async repliesThatFit(request: ClaimsRequest, outcomes: readonly Outcome[]): Promise<string | null> {
    if (outcomes.some((outcome) => outcome.kind === 'unavailable')) return null;
    const { claims } = request;
    const replies = await Promise.all(
      outcomes.map((outcome, position) => this.withSecrets(reply(outcome, claims[position]), request, position)),
    );
    const text = textOf(replies);
    // A UTF-16 unit is three bytes at most, so most answers need not be measured.
    if (text.length * 3 <= MAX_MESSAGE_BYTES || Buffer.byteLength(text) <= MAX_MESSAGE_BYTES) return text;
    const [only] = replies;
    const [claim] = claims;
    if (only?.granted !== true || claim === undefined || replies.length > 1) return null;
    return textOf([await this.shrunk(claim.instanceId, only)]);
  }

  /** Params and variables with their large parts stored, for the worker to fetch. */
  private async shrunk(instanceId: string, granted: Extract<ClaimReply, { granted: true }>): Promise<ClaimReply> {
    const params = splitValue(granted.params ?? {}, VALUES_BYTES, sha256);
    const variables = splitValue(granted.variables ?? {}, VALUES_BYTES, sha256);
    const parts = [...params.parts, ...variables.parts].map((row) => ({ instanceId, row }));
    await writeParts({ run: ({ name, text }, values = []) => this.pool.query({ name, text, values: [...values] }) }, parts);
    return { ...granted, params: params.value as JsonObject, variables: variables.value as JsonObject };
  }

  /** A granted attempt whose input names secrets gets them with its grant; the same question has the same answer, sealed anew. */
  private async withSecrets(answer: ClaimReply, { claims, sessionKey }: ClaimsRequest, position: number): Promise<ClaimReply> {
    const { guarded: pieces = [], ...claim } = claims[position] ?? {};
    if (!answer.granted || pieces.length === 0 || sessionKey === undefined) return answer;
    return { ...answer, secrets: await this.secrets.grant({ ...(claim as ClaimRequest), sessionKey, pieces }) };
  }

  private claim(
    { session, worker }: ClaimsRequest,
    { instanceId, taskInstanceId, attempt, dispatch, idempotent }: ClaimRequest,
    queue: string,
  ): Promise<Outcome> {
    return new Promise((resolve) => {
      this.submit({
        kind: 'event',
        instanceId,
        event: { kind: 'claim', taskInstanceId, attempt, dispatch, session, worker, queue, idempotent },
        bytes: 200,
        alone: false,
        waitsUntil: null,
        settle: resolve,
      });
    });
  }
}

const textOf = (replies: ClaimReply[]): string => JSON.stringify({ format: 1, replies } satisfies ClaimsReply);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const REFUSALS: Readonly<Record<Exclude<Outcome['kind'], 'done'>, string>> = {
  missing: 'unknown',
  held: 'held',
  failed: 'failed',
  refused: 'failed',
  'key-reused': 'failed',
  unavailable: 'unavailable',
};

const reply = (outcome: Outcome, claim: ClaimRequest | undefined): ClaimReply => {
  if (outcome.kind !== 'done') return { granted: false, refusal: REFUSALS[outcome.kind] };
  const answer = outcome.answer as ClaimAnswer | null;
  if (answer === null) return { granted: false, refusal: 'unknown' };
  if (!answer.granted) return { granted: false, refusal: answer.refusal };
  const values = claim?.wantsVariables === true ? { params: answer.params, variables: answer.variables } : {};
  return { granted: true, token: answer.token, ...values };
};
