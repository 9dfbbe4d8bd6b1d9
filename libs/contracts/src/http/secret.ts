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

/** Where a secret lies that is not kept here. */
export const SecretReference = z
  .string()
  .max(500)
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/(?!.*(^|\/)\.\.?(\/|$))[^\0]+)$/, 'write env:NAME or file:/path, without `..`');

/** Body of `PUT secrets/{name}`. */
export const SecretBody = z
  .strictObject({
    /** Never shown again. */
    value: z.string().min(MIN_SECRET_LENGTH).max(MAX_SECRET_LENGTH).optional(),
    /** Where it lies instead: `env:NAME` or `file:/path`, read by executors as far as `ORDERLINES_SECRET_REFERENCES` allows it. */
    reference: SecretReference.optional(),
    description: z.string().max(500).default(''),
  })
  .refine(({ value, reference }) => (value === undefined) !== (reference === undefined), 'give either a value or a reference')
  .meta({ id: 'Secret' });
/** Body of `PUT secrets/{name}`. */
export type SecretBody = z.infer<typeof SecretBody>;

/** A secret as it is shown: everything but its value. */
export const SecretView = z
  .object({
    namespace: z.string(),
    name: z.string(),
    description: z.string(),
    /** Where it lies when it is not kept here; null: it is. */
    reference: z.string().nullable(),
    updatedBy: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'SecretView' });
/** A secret as it is shown: everything but its value. */
export type SecretView = z.infer<typeof SecretView>;

/** What became of a rotation of the keys of secrets. */
export const KeyRotation = z
  .object({
    /** Id of the key that seals now. */
    keyId: z.string(),
    /** Secrets that were sealed again. */
    resealed: z.int(),
    /** Secrets that are still sealed with an older key; 0: done. */
    remaining: z.int(),
  })
  .meta({ id: 'KeyRotation' });
/** What became of a rotation of the keys of secrets. */
export type KeyRotation = z.infer<typeof KeyRotation>;
