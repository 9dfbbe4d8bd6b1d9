import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { describeRequest, OrderlinesError } from '@orderlines/service-host';
import type { AdmitAgain } from './admission.js';
import type { Authenticator } from './authenticator.js';
import { requireOwnPassword } from './own-account.js';
import type { RpcNeed } from './needs.js';
import { actorOf, type Principal } from './principal.js';
import { requireRight, type ObjectRights } from './object-rights.js';

/** Principals by the metadata of their calls: handlers see the same object that the guard saw. */
const principals = new WeakMap<Metadata, Principal>();

/** Who makes a call that has passed {@link rpcGuard}. */
export const principalOf = ({ metadata }: { readonly metadata: Metadata }): Principal => {
  const principal = principals.get(metadata);
  if (!principal) throw new Error('the call has not passed the guard');
  return principal;
};

/** How to ask again whether a call may go on, by its metadata. */
const admissions = new WeakMap<Metadata, AdmitAgain>();

/** How to ask again whether who makes a call may still do so, for answers that take long. */
export const admissionOfCall = ({ metadata }: { readonly metadata: Metadata }): AdmitAgain => {
  const admitAgain = admissions.get(metadata);
  if (!admitAgain) throw new Error('the call has not passed the guard');
  return admitAgain;
};

/** Lets no call pass without a token and the right that its method needs; `needOf` knows it by the method's path. */
export const rpcGuard =
  (
    { authenticator, objects }: { readonly authenticator: Authenticator; readonly objects: ObjectRights },
    needOf: (path: string) => RpcNeed | undefined,
    describe: (error: unknown) => Metadata,
  ): ServerInterceptor =>
  (method, call) => {
    const need = needOf(method.path);
    if (need === 'open') return new ServerInterceptingCall(call);
    let refused = false;
    let caller: Principal | undefined;
    let asked: unknown;
    const refuse = (error: unknown) => {
      refused = true;
      call.sendStatus({ ...refusalOf(error), metadata: describe(error) });
    };
    const judge = async (message: unknown) => {
      asked = message;
      if (caller === undefined || need === undefined || need === 'login' || need.reference === undefined) return;
      await objects.require(caller, need, need.reference(message as never));
    };
    const admit = async (metadata: Metadata) => {
      const principal = await authenticator.authenticate(metadata.get('authorization')[0]?.toString());
      requireOwnPassword(principal);
      if (need === undefined) throw new Error(`${method.path} says nothing about the right that it needs: nobody may use it`);
      describeRequest({ actor: actorOf(principal), ...(need !== 'login' && { need }) });
      if (need !== 'login') requireRight(principal, need);
      principals.set(metadata, principal);
      caller = principal;
      admissions.set(metadata, async () => {
        await admit(metadata);
        await judge(asked);
      });
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            admit(metadata).then(() => proceed(metadata), refuse);
          },
          onReceiveMessage: (message, proceed) => {
            if (!refused) judge(message).then(() => proceed(message), refuse);
          },
          onReceiveHalfClose: (proceed) => (refused ? undefined : proceed()),
          onCancel: () => undefined,
        }),
    });
  };

const refusalOf = (error: unknown) => {
  const answer = error instanceof OrderlinesError ? CODES[error.status] : undefined;
  return answer === undefined
    ? { code: status.UNAVAILABLE, details: 'It cannot be found out now who is asking, or whether they may: try again in a moment.' }
    : { code: answer, details: (error as OrderlinesError).message };
};

const CODES: Readonly<Record<number, status>> = {
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
};
