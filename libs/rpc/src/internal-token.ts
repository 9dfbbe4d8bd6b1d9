import { createHash, timingSafeEqual } from 'node:crypto';
import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { z } from 'zod';

const KEY = 'orderlines-internal-token';
const MIN_LENGTH = 32;

/** `ORDERLINES_INTERNAL_TOKEN`: what services of one installation show each other. Absent: none is shown. */
export const internalTokenVariable = () =>
  z.string().min(MIN_LENGTH, `at least ${MIN_LENGTH} characters, such as \`openssl rand -hex 32\` makes`).optional();

/** Metadata with which a service shows that it belongs to the installation. */
export const internalMetadata = (token: string | undefined): Metadata => {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set(KEY, token);
  return metadata;
};

/** Lets no call pass that does not show this token. */
export const internalGuard = (token: string): ServerInterceptor => {
  const expected = digestOf(token);
  return (_method, call) => {
    let refused = false;
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            if (timingSafeEqual(digestOf(metadata.get(KEY)[0] ?? ''), expected)) return proceed(metadata);
            refused = true;
            call.sendStatus({ code: status.UNAUTHENTICATED, details: REFUSAL, metadata: new Metadata() });
          },
          onReceiveMessage: (message, proceed) => (refused ? undefined : proceed(message)),
          onReceiveHalfClose: (proceed) => (refused ? undefined : proceed()),
          onCancel: () => undefined,
        }),
    });
  };
};

const REFUSAL = 'the caller does not show the ORDERLINES_INTERNAL_TOKEN of this executor: give both the same one';

/** Digests have one length, so that comparing them tells nothing about the token. */
const digestOf = (token: string | Buffer): Buffer => createHash('sha256').update(token).digest();
