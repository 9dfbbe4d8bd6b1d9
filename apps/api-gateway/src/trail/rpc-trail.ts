import { type Metadata, ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { ANONYMOUS, inRequest, type RequestContext } from '@orderlines/service-host';
import type { ApiLog } from './api-log.js';
import type { Attempts } from './attempts.js';
import { REQUEST_ID_HEADER, requestIdOf } from './http-trail.js';

/** Calls by their metadata: handlers see the same object that interceptors saw. */
const contexts = new WeakMap<Metadata, RequestContext>();

/** The context of a call of the public door. */
export const contextOfCall = ({ metadata }: { readonly metadata: Metadata }): RequestContext | undefined => contexts.get(metadata);

/** Notes each call in the API log once it is answered, and refused attempts in the audit trail; to be the first interceptor. */
export const rpcTrail =
  (log: ApiLog, attempts: Attempts): ServerInterceptor =>
  ({ path }, call) => {
    const from = performance.now();
    let context: RequestContext | undefined;
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const requestId = requestIdOf(metadata.get(REQUEST_ID_HEADER)[0]?.toString());
            context = { requestId, door: 'grpc', address: addressOf(call.getPeer()), actor: ANONYMOUS, recorded: 0 };
            contexts.set(metadata, context);
            inRequest(context, () => proceed(metadata));
          },
          onReceiveMessage: (message, proceed) => proceed(message),
          onReceiveHalfClose: (proceed) => proceed(),
          onCancel: () => undefined,
        }),
      sendStatus: (sent, next) => {
        const answered = STATUSES[sent.code] ?? 500;
        if (context !== undefined) {
          const message = sent.details ?? '';
          log.add(context, { method: 'RPC', path, status: answered, durationMs: performance.now() - from, message });
          const code = sent.metadata?.get('orderlines-code')[0]?.toString() ?? `grpc.${status[sent.code] ?? sent.code}`;
          if (answered >= 400) attempts.refused(context, attemptOfCall(context, path), { status: answered, code, message });
        }
        next(sent);
      },
    });
  };

/** What a call tries, as far as its name and the right that it needs say. */
export const attemptOfCall = ({ need }: RequestContext, path: string) => ({
  action: path.split('/').at(-1) ?? path,
  subject: { kind: need?.subject ?? path.split('/')[1] ?? path },
  changes: need !== undefined && need.action !== 'read',
});

/** Peers are `address:port`, of IPv6 `[address]:port`. */
const addressOf = (peer: string): string =>
  peer
    .replace(/^(ipv4|ipv6):/, '')
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');

const STATUSES: Partial<Record<status, number>> = {
  [status.OK]: 200,
  [status.CANCELLED]: 499,
  [status.INVALID_ARGUMENT]: 422,
  [status.UNAUTHENTICATED]: 401,
  [status.PERMISSION_DENIED]: 403,
  [status.NOT_FOUND]: 404,
  [status.FAILED_PRECONDITION]: 409,
  [status.ABORTED]: 412,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.UNAVAILABLE]: 503,
};
