import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describeRequest } from '@orderlines/service-host';
import type { AdmitAgain } from './admission.js';
import { Authenticator } from './authenticator.js';
import { actorOf, type Principal } from './principal.js';
import { requireOwnPassword, requireWholeToken } from './own-account.js';
import { DECLARED_NEED, OWN_ACCOUNT, type DeclaredNeed, type OwnAccount } from './needs.js';
import { ObjectRights, requireRight } from './object-rights.js';

interface Request {
  readonly headers: { readonly authorization?: string };
  readonly params: Readonly<Record<string, string | string[]>>;
  principal?: Principal;
  admitAgain?: AdmitAgain;
}

/** Lets nobody pass without a token and the right that the route needs, unless it says that it is open. To be bound to the whole application. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(ObjectRights) private readonly objects: ObjectRights,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    const need = this.reflector.getAllAndOverride<DeclaredNeed | undefined>(DECLARED_NEED, route);
    if (need === 'open') return true;
    if (need === undefined) throw new Error('a route says nothing about the right that it needs: nobody may use it');
    const ownAccount = this.reflector.getAllAndOverride<OwnAccount | undefined>(OWN_ACCOUNT, route);
    const request = context.switchToHttp().getRequest<Request>();
    request.principal = await this.admit(request, need, ownAccount, (principal) =>
      describeRequest({ actor: actorOf(principal), ...(need !== 'login' && { need }) }),
    );
    request.admitAgain = () => this.admit(request, need, ownAccount);
    return true;
  }

  private async admit(
    request: Request,
    need: Exclude<DeclaredNeed, 'open'>,
    ownAccount: OwnAccount | undefined,
    known?: (principal: Principal) => void,
  ): Promise<Principal> {
    const principal = await this.authenticator.authenticate(request.headers.authorization);
    known?.(principal);
    if (ownAccount !== 'always') requireOwnPassword(principal);
    if (ownAccount !== undefined) requireWholeToken(principal);
    if (need !== 'login') await this.requireNeed(principal, need, request);
    return principal;
  }

  private async requireNeed(principal: Principal, need: Exclude<DeclaredNeed, string>, { params }: Request): Promise<void> {
    requireRight(principal, need);
    if (need.objectParam === undefined) return;
    await this.objects.require(principal, need, String(params[need.objectParam]));
  }
}

/** Parameter of a route's method: who is asking. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<Request>();
  if (!principal) throw new Error('an open door has no principal');
  return principal;
});

/** How to ask again whether who makes a request may still do so, for answers that take long. */
export const admissionOf = (request: object): AdmitAgain => {
  const { admitAgain } = request as Request;
  if (!admitAgain) throw new Error('an open door has no principal');
  return admitAgain;
};
