import { z } from 'zod';
import { MAX_PASSWORD_LENGTH, UserView } from './user.js';

/** A code of an authenticator app, or one of the recovery codes. */
const SecondFactorCode = z
  .string()
  .regex(/^(\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/, 'the six digits of your authenticator app, or a recovery code such as `ab3de-f5gh7`');

/** Body of `POST sessions`. */
export const LoginBody = z
  .strictObject({
    /** User name, e-mail address or phone number. */
    login: z.string().min(1).max(254),
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
    /** Where a second factor is in use: without it the answer is `auth.second-factor-needed`. */
    code: SecondFactorCode.optional(),
  })
  .meta({ id: 'Login' });
/** Body of `POST sessions`. */
export type LoginBody = z.infer<typeof LoginBody>;

/**
 * A session that has begun or goes on: its access token is shown this once and goes into `Authorization: Bearer …`. The refresh token that is
 * exchanged for the next one is in a cookie that no script reads.
 */
export const Session = z
  .object({
    token: z.string(),
    /** Of the access token; exchange it a little earlier. */
    expiresAt: z.iso.datetime(),
    user: UserView,
  })
  .meta({ id: 'Session' });
/** A session that has begun or goes on. */
export type Session = z.infer<typeof Session>;

/** One of one's own sessions. */
export const SessionView = z
  .object({
    id: z.uuid(),
    method: z.enum(['password', 'oidc']),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    /** Network address it was used from last. */
    address: z.string(),
    /** What the browser called itself. */
    userAgent: z.string(),
    /** The one that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'SessionView' });
/** One of one's own sessions. */
export type SessionView = z.infer<typeof SessionView>;

/** How many sessions were ended. */
export const SessionsEnded = z.object({ ended: z.int() }).meta({ id: 'SessionsEnded' });
/** How many sessions were ended. */
export type SessionsEnded = z.infer<typeof SessionsEnded>;

/** What a login page has to offer. */
export const LoginMethods = z
  .object({
    /** Name of the OIDC provider behind `GET sessions/oidc`; null: there is none. */
    oidc: z.string().nullable(),
    /** Whether people may register themselves. */
    registration: z.boolean(),
  })
  .meta({ id: 'LoginMethods' });
/** What a login page has to offer. */
export type LoginMethods = z.infer<typeof LoginMethods>;

/** Body of what only the password allows: `POST me/second-factor` and `POST me/second-factor/removal`. */
export const PasswordBody = z.strictObject({ password: z.string().min(1).max(MAX_PASSWORD_LENGTH) }).meta({ id: 'Password' });
/** Body of what only the password allows. */
export type PasswordBody = z.infer<typeof PasswordBody>;

/** Body of `POST me/second-factor/confirmation`. */
export const CodeBody = z
  .strictObject({ code: z.string().regex(/^\d{6}$/, 'the six digits of your authenticator app') })
  .meta({ id: 'Code' });
/** Body of `POST me/second-factor/confirmation`. */
export type CodeBody = z.infer<typeof CodeBody>;

/** Whether a second factor is in use. */
export const SecondFactorState = z
  .object({
    inUse: z.boolean(),
    /** Recovery codes that are left. */
    recoveryCodes: z.int(),
  })
  .meta({ id: 'SecondFactorState' });
/** Whether a second factor is in use. */
export type SecondFactorState = z.infer<typeof SecondFactorState>;

/** A second factor that was begun; it is in use once a code of it has been shown. */
export const SecondFactorBegun = z
  .object({
    /** For the authenticator app, as a QR code (`otpauth://…`). */
    uri: z.string(),
    /** The same to be typed in. */
    secret: z.string(),
  })
  .meta({ id: 'SecondFactorBegun' });
/** A second factor that was begun. */
export type SecondFactorBegun = z.infer<typeof SecondFactorBegun>;

/** Codes for the day the phone is lost, each good for one login; shown this once. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });
/** Codes for the day the phone is lost. */
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;
