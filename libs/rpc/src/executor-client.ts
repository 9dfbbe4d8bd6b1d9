import { Client, type Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { Problem } from '@orderlines/contracts';
import { currentRequest, describeError, OrderlinesError, pause, type HealthCheck, type Logger } from '@orderlines/service-host';
import { z } from 'zod';
import { channelSecurity, type TlsFiles } from './transport-security.js';
import { callUnary, type UnaryOptions } from './call-unary.js';
import {
  ExecutorServiceClient,
  type OperateInstanceRequest,
  type OperateInstanceResponse,
  type SendSignalRequest,
  type SendSignalResponse,
  type StartInstanceRequest,
  type StartInstanceResponse,
} from './gen/orderlines/executor/v1/executor_service.js';
import { internalMetadata } from './internal-token.js';
import { withOrigin } from './request-origin.js';

/** How long an accepted request is carried from executor to executor before its caller is told to come back. */
const PATIENCE_MS = 15_000;
/** One executor gets no longer than this. */
const CALL_MS = 10_000;
const PAUSE_MS = 200;
const ADDRESSES_KEPT_MS = 1_000;
/** An executor that could not be reached is asked last for this long. */
const AVOIDED_MS = 3_000;
const RETRY_AFTER_SECONDS = 3;

/** What passes when another executor is asked, or the same one later. The idempotency key makes a repeat harmless. */
const PASSING: readonly status[] = [status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED, status.RESOURCE_EXHAUSTED];

/** What an executor refused, or that none is there. */
export class ExecutorRefused extends OrderlinesError {
  constructor(
    code: string,
    message: string,
    status: number,
    /** Everything that is wrong with the request, and when to try again. */
    readonly details: { readonly errors?: readonly Problem[]; readonly retryAfterSeconds?: number } = {},
    options?: ErrorOptions,
  ) {
    super(code, message, status, options);
  }
}

/** What surrounds a caller of executors. */
export interface ExecutorSurroundings {
  /** Where executors are that have given a sign of life lately. */
  readonly addresses: () => Promise<readonly string[]>;
  readonly logger: Logger;
  /** What they want to be shown; absent: nothing. */
  readonly internalToken?: string | undefined;
  /** Certificate to show, and authorities of theirs; absent: connections are plain. */
  readonly tls?: TlsFiles | undefined;
}

/** Carries starts and operations to whichever executor is alive. Closed by its owner. */
export class ExecutorClient {
  private readonly clients = new Map<string, ExecutorServiceClient>();
  private readonly failedAt = new Map<string, number>();
  private addresses: readonly string[] = [];
  private readAt = -Infinity;
  private turn = 0;

  constructor(private readonly surroundings: ExecutorSurroundings) {}

  /** Starts a run; the request must carry an idempotency key. Throws {@link ExecutorRefused}. */
  startInstance(request: StartInstanceRequest): Promise<StartInstanceResponse> {
    return recorded(this.call((client, options) => callUnary(client, client.startInstance, request, options)));
  }

  /** Does something with a run; the request must carry an idempotency key. Throws {@link ExecutorRefused}. */
  operateInstance(request: OperateInstanceRequest): Promise<OperateInstanceResponse> {
    return recorded(this.call((client, options) => callUnary(client, client.operateInstance, request, options)));
  }

  /** Sends a signal; the request must carry an idempotency key. Throws {@link ExecutorRefused}. */
  sendSignal(request: SendSignalRequest): Promise<SendSignalResponse> {
    return recorded(this.call((client, options) => callUnary(client, client.sendSignal, request, options)));
  }

  /** Whether there is an executor to ask. */
  readonly check: HealthCheck = async () => ((await this.live()).length > 0 ? null : 'no executor has given a sign of life lately');

  /** Closes the connections. */
  close(): void {
    for (const client of this.clients.values()) Client.prototype.close.call(client);
    this.clients.clear();
  }

  private async call<Response>(ask: (client: ExecutorServiceClient, options: UnaryOptions) => Promise<Response>): Promise<Response> {
    const end = Date.now() + PATIENCE_MS;
    let last: unknown;
    while (Date.now() < end) {
      const address = await this.next();
      if (address !== undefined) {
        try {
          const options = { deadlineMs: Math.min(CALL_MS, end - Date.now()), metadata: this.metadata() };
          return await ask(this.clientOf(address), options);
        } catch (error) {
          if (!isPassing(error)) throw refusalOf(error);
          last = error;
          this.failedAt.set(address, Date.now());
        }
      }
      await pause(PAUSE_MS);
    }
    this.surroundings.logger.warn({ err: last }, 'no executor answered');
    const why = last === undefined ? 'no executor is running' : describeError(last);
    throw new ExecutorRefused(
      'executor.unavailable',
      `No executor could take the request (${why}): try again with the same Idempotency-Key.`,
      503,
      {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
    );
  }

  /** Shows that it is one of us who asks, and for which request. */
  private metadata(): Metadata {
    const metadata = internalMetadata(this.surroundings.internalToken);
    const request = currentRequest();
    return request === undefined ? metadata : withOrigin(metadata, request);
  }

  /** Executors in turn; those that could not be reached a moment ago only when there is no other. */
  private async next(): Promise<string | undefined> {
    const live = await this.live().catch(() => this.addresses);
    const good = live.filter((address) => Date.now() - (this.failedAt.get(address) ?? 0) > AVOIDED_MS);
    const candidates = good.length > 0 ? good : live;
    return candidates[this.turn++ % Math.max(candidates.length, 1)];
  }

  private async live(): Promise<readonly string[]> {
    if (Date.now() - this.readAt < ADDRESSES_KEPT_MS) return this.addresses;
    this.addresses = await this.surroundings.addresses();
    this.readAt = Date.now();
    this.forgetAllBut(this.addresses);
    return this.addresses;
  }

  private forgetAllBut(addresses: readonly string[]): void {
    for (const [address, client] of this.clients) {
      if (addresses.includes(address)) continue;
      // Calls in flight end by themselves: close only lets no new one begin.
      Client.prototype.close.call(client);
      this.clients.delete(address);
    }
    for (const address of this.failedAt.keys()) if (!addresses.includes(address)) this.failedAt.delete(address);
  }

  private clientOf(address: string): ExecutorServiceClient {
    const known = this.clients.get(address);
    if (known) return known;
    const { credentials, options } = channelSecurity(this.surroundings.tls);
    const made = new ExecutorServiceClient(address, credentials, options);
    this.clients.set(address, made);
    return made;
  }
}

/** What an executor accepts is in the audit trail by the transaction that did it. */
const recorded = async <Response extends object>(asked: Promise<Response>): Promise<Response> => {
  const response = await asked;
  const request = currentRequest();
  if (request !== undefined && (!('accepted' in response) || response.accepted === true)) request.recorded += 1;
  return response;
};

const isServiceError = (error: unknown): error is ServiceError => error instanceof Error && 'code' in error && 'metadata' in error;

const isPassing = (error: unknown): boolean => isServiceError(error) && PASSING.includes(error.code);

const STATUSES: Partial<Record<status, number>> = {
  [status.NOT_FOUND]: 404,
  [status.FAILED_PRECONDITION]: 409,
  [status.INVALID_ARGUMENT]: 422,
  [status.UNAUTHENTICATED]: 503,
};

/** The executor's refusal as ours, with its code and all problems. */
const refusalOf = (error: unknown): unknown => {
  if (!isServiceError(error)) return error;
  const code = error.metadata.get('orderlines-code')[0]?.toString() ?? 'executor.failed';
  const problems = problemsOf(error.metadata.get('orderlines-problem-bin')[0]);
  return new ExecutorRefused(code, error.details, STATUSES[error.code] ?? 500, problems && { errors: problems }, { cause: error });
};

const problemsOf = (given: string | Buffer | undefined): Problem[] | undefined => {
  if (given === undefined) return undefined;
  try {
    return z.array(Problem).parse(JSON.parse(given.toString()));
  } catch {
    return undefined;
  }
};
