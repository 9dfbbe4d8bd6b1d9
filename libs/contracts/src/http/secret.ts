import { z } from 'zod';

/** Shortest secret: a shorter one would mask ordinary words. */
export const MIN_SECRET_LENGTH = 4;
/** Longest secret, in characters: keys and certificates have a few thousand. */
export const MAX_SECRET_LENGTH = 32_768;

/** Name of a secret, as `secrets.<name>` reads it. */
export const SecretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "a secret's name has letters, digits and `_`, 64 at most");
/** Namespace of a secret; empty: every namespace reads it. */
export const SecretNamespace = z
  .string()
  .regex(/^[\p{L}\p{M}\p{N}_.-]{0,64}$/u, 'a namespace has letters, digits, `_`, `.` or `-`, 64 at most');

/** Query that says whose secret is meant. */
export const SecretQuery = z.object({ namespace: SecretNamespace.default('') });
/** Query that says whose secret is meant. */
export type SecretQuery = z.infer<typeof SecretQuery>;

/** Body of `PUT secrets/{name}`. */
export const SecretBody = z
  .strictObject({
    /** Never shown again. */
    value: z.string().min(MIN_SECRET_LENGTH).max(MAX_SECRET_LENGTH),
    description: z.string().max(500).default(''),
  })
  .meta({ id: 'Secret' });
/** Body of `PUT secrets/{name}`. */
export type SecretBody = z.infer<typeof SecretBody>;

/** A secret as it is shown: everything but its value. */
export const SecretView = z
  .object({
    namespace: z.string(),
    name: z.string(),
    description: z.string(),
    updatedBy: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'SecretView' });
/** A secret as it is shown: everything but its value. */
export type SecretView = z.infer<typeof SecretView>;
