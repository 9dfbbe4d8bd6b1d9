import { z } from 'zod';
import { PermissionRule } from '../permissions/permission-rule.js';

/** Longest life of a token, days. */
export const MAX_TOKEN_DAYS = 366;
const MAX_TOKEN_RULES = 50;

/** Body of `POST me/tokens` and `POST users/{id}/tokens`. */
export const NewTokenBody = z
  .strictObject({
    /** What it is for. */
    name: z.string().trim().min(1).max(100),
    expiresInDays: z.int().min(1).max(MAX_TOKEN_DAYS).default(90),
    /** What may be done with it at most: actions on subjects, also only in some namespaces. Left out: whatever its owner may. */
    rules: z.array(PermissionRule).min(1).max(MAX_TOKEN_RULES).optional(),
    /** `login`: made by a login of the command line; it ends with the password. */
    purpose: z.enum(['api', 'login']).default('api'),
  })
  .meta({ id: 'NewToken' });
/** Body of `POST me/tokens` and `POST users/{id}/tokens`. */
export type NewTokenBody = z.infer<typeof NewTokenBody>;

/** A token as it is listed: everything but the token. */
export const TokenView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    purpose: z.enum(['api', 'login']),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    /** Null: whatever its owner may. */
    rules: z.array(PermissionRule).nullable(),
    /** The one that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'TokenView' });
/** A token as it is listed. */
export type TokenView = z.infer<typeof TokenView>;

/** A token that was made; it is shown this once. */
export const TokenMade = TokenView.extend({ token: z.string() }).meta({ id: 'TokenMade' });
/** A token that was made. */
export type TokenMade = z.infer<typeof TokenMade>;
