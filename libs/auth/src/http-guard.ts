import { createParamDecorator, Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { NotAllowed } from './auth-error.js';
import { Authenticator } from './authenticator.js';
import type { Principal } from './principal.js';

const OPEN_DOOR = 'orderlines:open-door';
const ADMINISTRATOR_ONLY = 'orderlines:administrator-only';

/** A route that nobody needs to log in for. Every other one wants a token. */
export const OpenDoor = () => SetMetadata(OPEN_DOOR, true);
/** A route for administrators. */
export const AdministratorOnly = () => SetMetadata(ADMINISTRATOR_ONLY, true);

interface Request {
  readonly headers: { readonly authorization?: string };
  principal?: Principal;
}

/** Lets nobody pass without a token, unless the route says that it is open. To be bound to the whole application. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(OPEN_DOOR, route)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const principal = await this.authenticator.authenticate(request.headers.authorization);
    if (this.reflector.getAllAndOverride<boolean>(ADMINISTRATOR_ONLY, route) && !principal.user.administrator) {
      throw new NotAllowed('Only an administrator may do this.');
    }
    request.principal = principal;
    return true;
  }
}

/** Parameter of a route's method: who is asking. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<Request>();
  if (!principal) throw new Error('an open door has no principal');
  return principal;
});
