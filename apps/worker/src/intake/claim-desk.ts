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

interface Waiting {
  readonly claim: ClaimRequest;
  readonly since: number;
  readonly settle: (reply: ClaimReply | undefined) => void;
}

/** Claims of one request; more could make an answer with variables too large. */
const CLAIMS_PER_REQUEST = 128;
/** While a request of a queue is on its way further claims gather, at most for so long: an executor may hang, another may answer. */
const GATHER_MS = 20;
const PARALLEL_REQUESTS = 4;
/** A claim without an answer is given up while its message is still ours (`ack_wait` 30 s). */
const GIVE_UP_MS = 25_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/** Asks executors whether attempts may start; all claims of a tick in one request per queue. */
export class ClaimDesk {
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly requests = new Map<string, number>();
  private readonly closed = new AbortController();

  constructor(
    private readonly connection: NatsConnection,
    private readonly session: string,
    private readonly worker: string,
    private readonly logger: Logger,
  ) {}

  /** The executor's answer; undefined when there was none in time: nothing may be started then. */
  claim(queue: string, claim: ClaimRequest): Promise<ClaimReply | undefined> {
    return new Promise((settle) => {
      const waiting = this.waiting.get(queue) ?? [];
      waiting.push({ claim, since: Date.now(), settle });
      this.waiting.set(queue, waiting);
      if (waiting.length > 1) return;
      if ((this.requests.get(queue) ?? 0) === 0) setImmediate(() => this.send(queue));
      else setTimeout(() => this.send(queue), GATHER_MS);
    });
  }

  /** Claims without an answer are given up. */
  close(): void {
    this.closed.abort();
  }

  private send(queue: string): void {
    const waiting = this.waiting.get(queue) ?? [];
    while (waiting.length > 0 && (this.requests.get(queue) ?? 0) < PARALLEL_REQUESTS) {
      this.requests.set(queue, (this.requests.get(queue) ?? 0) + 1);
      void this.ask(queue, waiting.splice(0, CLAIMS_PER_REQUEST)).finally(() => {
        this.requests.set(queue, (this.requests.get(queue) ?? 1) - 1);
        // In a turn of its own: the answers just given make room for tasks that may claim too.
        setImmediate(() => this.send(queue));
      });
    }
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
    const request: ClaimsRequest = { format: 1, session: this.session, worker: this.worker, claims: claims.map(({ claim }) => claim) };
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
