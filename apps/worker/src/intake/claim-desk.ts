import {
  CLAIMS,
  ClaimsReply,
  decodePayload,
  encodePayload,
  type ClaimReply,
  type ClaimRequest,
  type ClaimsRequest,
} from '@orderlines/messaging';
import { pause, type Logger } from '@orderlines/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import { QueueRequests } from '../queue-requests.js';

interface Waiting {
  readonly claim: ClaimRequest;
  readonly since: number;
  readonly settle: (reply: ClaimReply | undefined) => void;
}

/** Claims of one request; more could make an answer with variables too large. */
const CLAIMS_PER_REQUEST = 128;
/** A claim without an answer is given up while its message is still ours (`ack_wait` 30 s). */
const GIVE_UP_MS = 25_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/** Asks executors whether attempts may start; all claims of a tick in one request per queue. */
export class ClaimDesk {
  private readonly requests = new QueueRequests<Waiting>({ maxWeight: CLAIMS_PER_REQUEST, weightOf: () => 1 }, (queue, claims) =>
    this.ask(queue, claims),
  );
  private readonly closed = new AbortController();

  constructor(
    private readonly connection: NatsConnection,
    private readonly session: string,
    private readonly worker: string,
    private readonly sessionKey: string,
    private readonly logger: Logger,
  ) {}

  /** The executor's answer; undefined when there was none in time: nothing may be started then. */
  claim(queue: string, claim: ClaimRequest): Promise<ClaimReply | undefined> {
    return new Promise((settle) => this.requests.add(queue, { claim, since: Date.now(), settle }));
  }

  /** Claims without an answer are given up. */
  close(): void {
    this.closed.abort();
  }

  /** Asks again until there is an answer; the same session gets the same one. */
  private async ask(queue: string, claims: Waiting[]): Promise<void> {
    const oldest = Math.min(...claims.map(({ since }) => since));
    for (let retryMs = FIRST_RETRY_MS; !this.closed.signal.aborted; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      const replies = await this.askOnce(queue, claims);
      if (replies?.length === claims.length) {
        claims.forEach(({ settle }, index) => settle(replies[index]));
        return;
      }
      if (Date.now() - oldest > GIVE_UP_MS - CLAIMS.timeoutMs - retryMs) break;
      await pause(retryMs, this.closed.signal);
      if (claims.length > 1) return this.askInHalves(queue, claims);
    }
    for (const { settle } of claims) settle(undefined);
  }

  /** One claim must not keep the others from an answer, and an answer can be too large for a message. */
  private async askInHalves(queue: string, claims: Waiting[]): Promise<void> {
    const middle = Math.ceil(claims.length / 2);
    await Promise.all([this.ask(queue, claims.slice(0, middle)), this.ask(queue, claims.slice(middle))]);
  }

  private async askOnce(queue: string, claims: readonly Waiting[]): Promise<readonly ClaimReply[] | undefined> {
    const request: ClaimsRequest = {
      format: 1,
      session: this.session,
      worker: this.worker,
      sessionKey: this.sessionKey,
      claims: claims.map(({ claim }) => claim),
    };
    try {
      const answer = await this.connection.request(CLAIMS.subject(queue), encodePayload(request), { timeout: CLAIMS.timeoutMs });
      const decoded = decodePayload(ClaimsReply, answer.data);
      if (decoded.ok) return decoded.value.replies;
      this.logger.warn({ queue, problem: decoded.problem }, 'the answer to a claim was not understood');
    } catch (error) {
      this.logger.debug({ err: error, queue }, 'a claim was not answered');
    }
    return undefined;
  }
}
