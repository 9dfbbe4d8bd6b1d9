import { CLAIMS, ClaimsRequest, type ClaimReply, type ClaimRequest, type ClaimsReply } from '@orderlines/messaging';
import type { ClaimAnswer } from '@orderlines/process-engine';
import { describeError, type Logger } from '@orderlines/service-host';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { BatchItem, Outcome } from '../instance/batch-item.js';

/** Answers workers that want to start attempts: each claim goes through a batch, the request is answered when all are committed. */
export class ClaimsInput {
  private subscription: Subscription | undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly submit: (item: BatchItem) => void,
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
    void Promise.all(request.claims.map((claim) => this.claim(request, claim, queue))).then((outcomes) => {
      const retry = outcomes.some((outcome) => outcome.kind === 'unavailable');
      answer(
        retry
          ? { format: 1, retry }
          : { format: 1, replies: outcomes.map((outcome, position) => reply(outcome, request.claims[position])) },
      );
    });
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

const REFUSALS: Readonly<Record<Exclude<Outcome['kind'], 'done'>, string>> = {
  missing: 'unknown',
  held: 'held',
  failed: 'failed',
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
