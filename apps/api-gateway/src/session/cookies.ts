import type { CookieOptions, Request, Response } from 'express';

/** Paths that browsers send the cookies to: no other route sees them. */
const PATH = '/api/v1/sessions';

/** A cookie that no script reads. */
export interface CookieKind {
  readonly name: string;
  /** `lax` where the browser comes from another site, as it does from the OIDC provider. */
  readonly sameSite: 'strict' | 'lax';
}

/** The refresh token of a session. */
export const REFRESH_COOKIE: CookieKind = { name: 'orderlines_refresh', sameSite: 'strict' };
/** What ties a login by OIDC to the browser that began it. */
export const OIDC_COOKIE: CookieKind = { name: 'orderlines_oidc', sameSite: 'lax' };

/** Cookies of the HTTP door; `secure` where browsers reach it by https. */
export class Cookies {
  constructor(private readonly secure: boolean) {}

  /** The value that a request brings. */
  read({ headers }: Request, { name }: CookieKind): string | undefined {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
    return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  }

  /** Gives a cookie to the browser. */
  set(response: Response, kind: CookieKind, value: string, expires: Date): void {
    response.cookie(kind.name, value, { ...this.options(kind), expires });
  }

  /** Takes it away. */
  clear(response: Response, kind: CookieKind): void {
    response.clearCookie(kind.name, this.options(kind));
  }

  private options({ sameSite }: CookieKind): CookieOptions {
    return { httpOnly: true, sameSite, secure: this.secure, path: PATH };
  }
}
