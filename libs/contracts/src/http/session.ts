import { z } from 'zod';
import { MAX_PASSWORD_LENGTH, UserView } from './user.js';

/** Body of `POST sessions`. */
export const LoginBody = z
  .strictObject({
    /** User name, e-mail address or phone number. */
    login: z.string().min(1).max(254),
    password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
  })
  .meta({ id: 'Login' });
/** Body of `POST sessions`. */
export type LoginBody = z.infer<typeof LoginBody>;

/** A session that has begun: its token is shown this once and goes into `Authorization: Bearer …`. */
export const Session = z.object({ token: z.string(), expiresAt: z.iso.datetime(), user: UserView }).meta({ id: 'Session' });
/** A session that has begun. */
export type Session = z.infer<typeof Session>;
