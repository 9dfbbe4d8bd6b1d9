import { z } from 'zod';

/** Shortest password. */
export const MIN_PASSWORD_LENGTH = 10;
/** Longest password, in characters. */
export const MAX_PASSWORD_LENGTH = 256;

/** A person, as others may see them. */
export const UserView = z
  .object({
    id: z.uuid(),
    userName: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    displayName: z.string(),
    administrator: z.boolean(),
    locale: z.enum(['en', 'zh']),
  })
  .meta({ id: 'User' });
/** A person, as others may see them. */
export type UserView = z.infer<typeof UserView>;

/** Body of `POST users`. */
export const NewUserBody = z
  .strictObject({
    userName: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'letters, digits, ".", "_" and "-", beginning with a letter or digit'),
    /** Checked by the password rules; see the answer when it is refused. */
    password: z.string().max(MAX_PASSWORD_LENGTH),
    email: z.email().max(254).optional(),
    phone: z
      .string()
      .regex(/^\+?[0-9][0-9 -]{3,30}$/, 'digits, blanks and "-", with an optional "+" before them')
      .optional(),
    displayName: z.string().max(128).optional(),
    /** May do everything, whatever rules say. */
    administrator: z.boolean().default(false),
    /** Roles that they hold everywhere from the beginning. */
    roles: z.array(z.string().min(1).max(100)).max(100).default([]),
  })
  .meta({ id: 'NewUser' });
/** Body of `POST users`. */
export type NewUserBody = z.infer<typeof NewUserBody>;

/** Body of `PUT me/password`. */
export const NewPasswordBody = z
  .strictObject({
    /** The password that holds until now. */
    current: z.string().min(1).max(MAX_PASSWORD_LENGTH),
    /** Checked by the password rules; see the answer when it is refused. */
    new: z.string().max(MAX_PASSWORD_LENGTH),
  })
  .meta({ id: 'NewPassword' });
/** Body of `PUT me/password`. */
export type NewPasswordBody = z.infer<typeof NewPasswordBody>;
