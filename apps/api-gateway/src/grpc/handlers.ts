import { once } from 'node:events';
import type { handleServerStreamingCall, handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { masked, type Json } from '@orderlines/contracts';
import { admissionOfCall, principalOf, watchAdmission, type Principal } from '@orderlines/auth';
import { inRequest, type Logger, type OrderlinesError } from '@orderlines/service-host';
import { RequestRefused } from '../problems/request-refused.js';
import type { Attempts } from '../trail/attempts.js';
import { attemptOfCall, contextOfCall } from '../trail/rpc-trail.js';
import { rpcProblem } from './rpc-problem.js';

/** Streams of one gateway; more are refused. */
const MAX_STREAMS = 1_000;
/** A client that takes nothing for this long is cut off. */
const STALLED_MS = 30_000;

/** Makes rpc methods of functions: principals in, promises and generators out, errors as statuses. */
export class Handlers {
  private readonly streams = new Set<AbortController>();

  constructor(
    private readonly logger: Logger,
    private readonly attempts: Attempts,
  ) {}

  /** A method that answers once. */
  unary<Request, Response>(answer: (request: Request, principal: Principal) => Promise<Response>): handleUnaryCall<Request, Response> {
    return (call, callback) => {
      this.recorded(call, () => answer(call.request, principalOf(call))).then(
        (response) => callback(null, masked(response as Json) as Response),
        (error: unknown) => callback(this.failure(error, call.getPath())),
      );
    };
  }

  /** Works for the call, and sees to it that a change is in the audit trail before it is answered. */
  private async recorded<Response>(call: ServerUnaryCall<unknown, unknown>, work: () => Promise<Response>): Promise<Response> {
    const context = contextOfCall(call);
    if (context === undefined) return work();
    const response = await inRequest(context, work);
    await this.attempts.done(context, attemptOfCall(context, call.getPath()));
    return response;
  }

  /** A method that answers with a stream; the signal is aborted when the caller goes away, may not be here any more, or the door closes. */
  stream<Request, Response>(
    answers: (request: Request, principal: Principal, signal: AbortSignal) => Promise<AsyncIterable<Response>>,
  ): handleServerStreamingCall<Request, Response> {
    return (call) => {
      const abort = new AbortController();
      call.on('cancelled', () => abort.abort());
      let refusal: OrderlinesError | undefined;
      const admission = watchAdmission(admissionOfCall(call), (error) => {
        refusal = error;
        abort.abort();
      });
      const send = async () => {
        if (this.streams.size >= MAX_STREAMS) throw new TooManyStreams();
        this.streams.add(abort);
        for await (const response of await answers(call.request, principalOf(call), abort.signal)) {
          if (!call.write(masked(response as Json) as Response))
            await once(call, 'drain', { signal: AbortSignal.any([abort.signal, AbortSignal.timeout(STALLED_MS)]) });
          if (abort.signal.aborted) return;
        }
      };
      // grpc-js ends the call with the status of an emitted error; destroying the stream would lose it.
      const fail = (error: unknown) => call.emit('error', this.failure(error, call.getPath()));
      send()
        .then(() => (refusal ? fail(refusal) : call.end()))
        .catch((error: unknown) => {
          if (refusal) fail(refusal);
          else if (!abort.signal.aborted) fail(error);
        })
        .finally(() => {
          this.streams.delete(abort);
          return admission.stop();
        });
    };
  }

  /** Ends all streams. */
  close(): void {
    for (const abort of this.streams) abort.abort();
  }

  private failure(error: unknown, path: string) {
    const { expected, ...failure } = rpcProblem(error);
    if (!expected) this.logger.error({ err: error, path }, 'a call failed');
    return failure;
  }
}

class TooManyStreams extends RequestRefused {
  constructor() {
    super('stream.refused', 'Too many streams are open here: close one.', 503);
  }
}
