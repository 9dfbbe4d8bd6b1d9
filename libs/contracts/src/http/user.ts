import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';

/** Shortest password. */
export const MIN_PASSWORD_LENGTH = 10;
/** Longest password, in characters. */
export const MAX_PASSWORD_LENGTH = 256;
/** Largest picture of a user, bytes. */
export const MAX_PICTURE_BYTES = 256 * 1024;
/** What a picture of a user may be. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;

/** A person or service account, as others may see them. */
export const UserView = z
  .object({
    id: z.uuid(),
    userName: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    displayName: z.string(),
    administrator: z.boolean(),
    locale: z.enum(['en', 'zh']),
    departmentId: z.uuid().nullable(),
    /** A service account has no password, only tokens. */
    kind: z.enum(['person', 'service']),
    enabled: z.boolean(),
    /** False: registered themselves, and nobody has let them in; they have no rights. */
    approved: z.boolean(),
    /** True: every route but changing the password is refused. */
    mustChangePassword: z.boolean(),
    /** Digest of the picture at `GET users/{id}/picture`; null: there is none. */
    picture: z.string().nullable(),
  })
  .meta({ id: 'User' });
/** A person or service account, as others may see them. */
export type UserView = z.infer<typeof UserView>;

/** A user as those see them who look after users. */
export const UserDetail = UserView.extend({
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Too many failed logins: nobody can log in with a password until then. */
  lockedUntil: z.iso.datetime().nullable(),
  secondFactor: z.boolean(),
  /** Live sessions. */
  sessions: z.int(),
}).meta({ id: 'UserDetail' });
/** A user as those see them who look after users. */
export type UserDetail = z.infer<typeof UserDetail>;

/** A page of users. */
export const UserPage = pageOf('UserPage', UserView);
/** A page of users. */
export type UserPage = z.infer<typeof UserPage>;

/** Query of `GET users`. */
export const UserQuery = z.object({
  ...pageQuery,
  /** A part of the user name, display name, e-mail address or phone number. */
  search: z.string().max(200).optional(),
  kind: z.enum(['person', 'service']).optional(),
  department: z.uuid().optional(),
  enabled: z.stringbool().optional(),
  /** `false`: those who wait to be let in. */
  approved: z.stringbool().optional(),
});
/** Query of `GET users`. */
export type UserQuery = z.infer<typeof UserQuery>;

const userFields = {
  userName: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'letters, digits, ".", "_" and "-", beginning with a letter or digit'),
  email: z.email().max(254),
  phone: z.string().regex(/^\+?[0-9][0-9 -]{3,30}$/, 'digits, blanks and "-", with an optional "+" before them'),
  displayName: z.string().max(128),
  locale: z.enum(['en', 'zh']),
  password: z.string().max(MAX_PASSWORD_LENGTH),
};

/** Body of `POST users`. */
export const NewUserBody = z
  .strictObject({
    userName: userFields.userName,
    /** Checked by the password rules; left out: a one-time password is made and shown this once. */
    password: userFields.password.optional(),
    email: userFields.email.optional(),
    phone: userFields.phone.optional(),
    displayName: userFields.displayName.optional(),
    locale: userFields.locale.optional(),
    departmentId: z.uuid().optional(),
    /** May do everything, whatever rules say. */
    administrator: z.boolean().default(false),
    /** Roles that they hold everywhere from the beginning. */
    roles: z.array(z.string().min(1).max(100)).max(100).default([]),
    /** `service`: for a machine; it gets tokens and no password. */
    kind: z.enum(['person', 'service']).default('person'),
  })
  .refine(({ kind, password }) => kind === 'person' || password === undefined, {
    path: ['password'],
    message: 'a service account has tokens and no password',
  })
  .meta({ id: 'NewUser' });
/** Body of `POST users`. */
export type NewUserBody = z.infer<typeof NewUserBody>;

/** A user that was added; the one-time password is shown this once and must be changed at the first login. */
export const UserAdded = UserView.extend({ oneTimePassword: z.string().optional() }).meta({ id: 'UserAdded' });
/** A user that was added. */
export type UserAdded = z.infer<typeof UserAdded>;

/** A password that was made; shown this once, it must be changed at the next login. */
export const OneTimePassword = z.object({ oneTimePassword: z.string() }).meta({ id: 'OneTimePassword' });
/** A password that was made. */
export type OneTimePassword = z.infer<typeof OneTimePassword>;

const profileFields = {
  /** Null takes it away; so with `phone`. */
  email: userFields.email.nullable().optional(),
  phone: userFields.phone.nullable().optional(),
  displayName: userFields.displayName.optional(),
  locale: userFields.locale.optional(),
};

/** Body of `PATCH me`: what somebody changes of themselves. */
export const ProfileBody = z.strictObject(profileFields).meta({ id: 'Profile' });
/** Body of `PATCH me`. */
export type ProfileBody = z.infer<typeof ProfileBody>;

/** Body of `PATCH users/{id}`. */
export const UserChangeBody = z
  .strictObject({
    ...profileFields,
    userName: userFields.userName.optional(),
    /** Null: in none. */
    departmentId: z.uuid().nullable().optional(),
    enabled: z.boolean().optional(),
    approved: z.boolean().optional(),
    administrator: z.boolean().optional(),
  })
  .meta({ id: 'UserChange' });
/** Body of `PATCH users/{id}`. */
export type UserChangeBody = z.infer<typeof UserChangeBody>;

/** Body of `POST registrations`. */
export const RegistrationBody = z
  .strictObject({
    userName: userFields.userName,
    /** Checked by the password rules. */
    password: userFields.password,
    email: userFields.email.optional(),
    phone: userFields.phone.optional(),
    displayName: userFields.displayName.optional(),
    locale: userFields.locale.optional(),
  })
  .meta({ id: 'Registration' });
/** Body of `POST registrations`. */
export type RegistrationBody = z.infer<typeof RegistrationBody>;

/** Body of `PUT me/picture`. */
export const PictureBody = z
  .strictObject({
    /** A PNG, JPEG or WebP file of 256 KiB at most, in base64. */
    base64: z.base64().max(Math.ceil(MAX_PICTURE_BYTES / 3) * 4),
  })
  .meta({ id: 'Picture' });
/** Body of `PUT me/picture`. */
export type PictureBody = z.infer<typeof PictureBody>;

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
