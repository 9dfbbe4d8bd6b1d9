import { z } from 'zod';
import { Timestamp } from './page.js';

/** A person, as shown. */
export const UserView = z
  .object({
    id: z.uuid(),
    userName: z.string(),
    displayName: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    administrator: z.boolean(),
  })
  .meta({ id: 'User' });
/** A person, as shown. */
export type UserView = z.infer<typeof UserView>;

/** Logs in. */
export const LoginBody = z
  .strictObject({
    /** User name, e-mail address or phone number. */
    login: z.string().min(1).max(200),
    password: z.string().min(1).max(200),
  })
  .meta({ id: 'Login' });

/** A login: the token is shown once. */
export const Session = z.object({ token: z.string(), expiresAt: Timestamp, user: UserView }).meta({ id: 'Session' });
/** A login. */
export type Session = z.infer<typeof Session>;

/** Adds a user. */
export const NewUserBody = z
  .strictObject({
    userName: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, 'letters, digits, . _ - ; at most 64'),
    password: z.string().min(1).max(200),
    email: z.email().max(200).optional(),
    phone: z.string().min(3).max(40).optional(),
    administrator: z.boolean().default(false),
  })
  .meta({ id: 'NewUser' });
