import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { ActionOf, Subject } from '@orderlines/contracts';

/** The right that a route or rpc needs. */
export interface Need<Name extends Subject = Subject> {
  readonly action: ActionOf<Name>;
  readonly subject: Name;
}

/** Key of the metadata in which a route says what it needs. */
export const DECLARED_NEED = 'orderlines:need';

/** What a route says: nothing (`open`), only to be logged in (`login`: one's own affairs), or a right. */
export type DeclaredNeed = 'open' | 'login' | (Need & { readonly objectParam?: string });

/** A route that nobody needs to log in for. */
export const OpenDoor = () => SetMetadata(DECLARED_NEED, 'open' satisfies DeclaredNeed);

/** A route of one's own affairs: it needs a login and no right. */
export const NeedsLogin = () => SetMetadata(DECLARED_NEED, 'login' satisfies DeclaredNeed);

/** Key of the metadata in which a route says that it is about the account of whoever asks. */
export const OWN_ACCOUNT = 'orderlines:own-account';
/** What such a route says; `always`: also to somebody whose password must be changed first. */
export type OwnAccount = 'own' | 'always';

/**
 * A route that changes the account of whoever asks, such as its password, tokens or sessions: it needs no right, but it is closed to tokens
 * that may do less than their owner.
 */
export const NeedsOwnAccount = (who: OwnAccount = 'own') => applyDecorators(NeedsLogin(), SetMetadata(OWN_ACCOUNT, who));

/**
 * A route that needs a right. `objectParam` is the parameter of its path that names the thing: it is looked up, and one that may not be read
 * is as if it were not there. Routes whose thing is named elsewhere ask `principal.rights` themselves; lists are limited by `rights.limits`.
 */
export const Needs = <Name extends Subject>(action: ActionOf<Name>, subject: Name, objectParam?: string) =>
  SetMetadata(DECLARED_NEED, { action, subject, ...(objectParam !== undefined && { objectParam }) } as DeclaredNeed);

/** What an rpc says, as {@link DeclaredNeed}; `reference` reads from a request which thing is meant. */
export type RpcNeed<Request = never> = 'open' | 'login' | (Need & { readonly reference?: (request: Request) => string });
