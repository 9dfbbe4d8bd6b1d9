import type { OidcLogins } from '@orderlines/auth';

/** The way in by an OIDC provider; `logins` is absent where there is none. */
export class OidcDoor {
  constructor(readonly logins: OidcLogins | undefined) {}
}
