import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { OrderlinesError } from '@orderlines/service-host';
import type { Authenticator } from './authenticator.js';
import type { Principal } from './principal.js';

/** Principals by the metadata of their calls: handlers see the same object that the guard saw. */
const principals = new WeakMap<Metadata, Principal>();

/** Who makes a call that has passed {@link rpcGuard}. */
export const principalOf = ({ metadata }: { readonly metadata: Metadata }): Principal => {
  const principal = principals.get(metadata);
  if (!principal) throw new Error('the call has not passed the guard');
  return principal;
};

/** Lets no call pass without a token, but those of the services named as open (`grpc.health.v1.Health`). */
export const rpcGuard =
  (authenticator: Authenticator, openServices: readonly string[], describe: (error: unknown) => Metadata): ServerInterceptor =>
  (method, call) => {
    const service = method.path.split('/')[1] ?? '';
    if (openServices.includes(service)) return new ServerInterceptingCall(call);
    let refused = false;
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            authenticator.authenticate(metadata.get('authorization')[0]?.toString()).then(
              (principal) => {
                principals.set(metadata, principal);
                proceed(metadata);
              },
              (error: unknown) => {
                refused = true;
                call.sendStatus({ ...refusalOf(error), metadata: describe(error) });
              },
            );
          },
          onReceiveMessage: (message, proceed) => (refused ? undefined : proceed(message)),
          onReceiveHalfClose: (proceed) => (refused ? undefined : proceed()),
          onCancel: () => undefined,
        }),
    });
  };

const refusalOf = (error: unknown) =>
  error instanceof OrderlinesError && error.status === 401
    ? { code: status.UNAUTHENTICATED, details: error.message }
    : { code: status.UNAVAILABLE, details: 'It cannot be found out now who is asking: try again in a moment.' };
