import { Authenticator, Logins, LoginThrottle, OidcLogins, RightsBook, SecondFactors, type OidcSettings } from '@orderlines/auth';
import type { Parameters } from '@orderlines/persistence';
import type { KeyRing } from '@orderlines/secrets';
import type { EntityManager } from 'typeorm';
import { OidcDoor } from './oidc-door.js';
import { Tokens } from '../token/tokens.js';
import { Registrations } from '../user/registrations.js';
import { Users } from '../user/users.js';

/** Everything that lets people and machines in. */
export interface Doorkeepers {
  readonly authenticator: Authenticator;
  readonly book: RightsBook;
  readonly logins: Logins;
  readonly secondFactors: SecondFactors;
  readonly oidc: OidcDoor;
  readonly users: Users;
  readonly registrations: Registrations;
  readonly tokens: Tokens;
}

/** Puts it together. */
export const makeDoorkeepers = (
  manager: EntityManager,
  keys: KeyRing,
  parameters: Parameters,
  oidc: OidcSettings | undefined,
): Doorkeepers => {
  const book = new RightsBook(manager);
  const authenticator = new Authenticator(manager, book);
  const throttle = new LoginThrottle(manager);
  const secondFactors = new SecondFactors(manager, keys);
  return {
    authenticator,
    book,
    logins: new Logins(manager, authenticator, throttle, secondFactors),
    secondFactors,
    oidc: new OidcDoor(oidc && new OidcLogins(manager, oidc)),
    users: new Users(manager, { authenticator, throttle, secondFactors, book }),
    registrations: new Registrations(manager, throttle, parameters),
    tokens: new Tokens(manager, authenticator, book),
  };
};
