import { z } from 'zod';
import { AnyJson, type Json } from '../json.js';
import { SecretName, SecretNamespace } from './secret.js';

/** Types of variables of a namespace. */
export const VARIABLE_TYPES = ['string', 'number', 'boolean', 'json', 'list'] as const;
/** Type of a variable of a namespace. */
export type VariableType = (typeof VARIABLE_TYPES)[number];

/** Longest value, characters of JSON: every run keeps a copy of those that it reads. */
export const MAX_VARIABLE_LENGTH = 16_384;

const SCHEMAS: Readonly<Record<VariableType, z.ZodType<Json>>> = {
  string: z.string(),
  number: z.number(),
  boolean: z.boolean(),
  json: AnyJson,
  list: z.array(AnyJson),
};

/** Name of a variable of a namespace, as `config.<name>` reads it. */
export const VariableName = SecretName;

/** Query that says whose variable is meant; empty: every namespace reads it. */
export const VariableQuery = z.object({ namespace: SecretNamespace.default('') });
/** Query that says whose variable is meant. */
export type VariableQuery = z.infer<typeof VariableQuery>;

/** Body of `PUT variables/{name}`. */
export const VariableBody = z
  .strictObject({ type: z.enum(VARIABLE_TYPES), value: AnyJson, description: z.string().max(500).default('') })
  .superRefine(({ type, value }, context) => {
    const fits = SCHEMAS[type].safeParse(value);
    if (!fits.success) context.addIssue({ code: 'custom', path: ['value'], message: `the value of a ${type} is needed` });
    if (JSON.stringify(value).length > MAX_VARIABLE_LENGTH) {
      context.addIssue({ code: 'custom', path: ['value'], message: `a value has ${MAX_VARIABLE_LENGTH} characters of JSON at most` });
    }
  })
  .meta({ id: 'NamespaceVariableValue' });
/** Body of `PUT variables/{name}`. */
export type VariableBody = z.infer<typeof VariableBody>;

/** A variable of a namespace. */
export const VariableView = z
  .object({
    namespace: z.string(),
    name: z.string(),
    type: z.enum(VARIABLE_TYPES),
    value: AnyJson,
    description: z.string(),
    updatedBy: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'NamespaceVariable' });
/** A variable of a namespace. */
export type VariableView = z.infer<typeof VariableView>;

/** A process version that names a secret or variable. */
export const UsageView = z
  .object({
    processId: z.uuid(),
    process: z.string(),
    namespace: z.string(),
    version: z.int(),
    /** True: it is what runs when nobody says another version. */
    latest: z.boolean(),
    /** Schedules that start the process. */
    schedules: z.array(z.string()),
  })
  .meta({ id: 'Usage' });
/** A process version that names a secret or variable. */
export type UsageView = z.infer<typeof UsageView>;
