import { z } from 'zod';
import { AnyJson } from '../json.js';
import { PARAMETER_NAMES } from '../parameters/registry.js';

/** Name of a system parameter, in a path. */
export const ParameterNameParam = z.enum(PARAMETER_NAMES);
/** Name of a system parameter, in a path. */
export type ParameterNameParam = z.infer<typeof ParameterNameParam>;

/** A system parameter as it is shown. */
export const ParameterView = z
  .object({
    name: z.string(),
    kind: z.enum(['duration', 'integer', 'boolean', 'choice', 'text']),
    /** As it is written: a duration as `30s`. */
    value: AnyJson,
    default: AnyJson,
    /** Least and greatest value, of durations and numbers. */
    min: z.union([z.string(), z.number()]).nullable(),
    max: z.union([z.string(), z.number()]).nullable(),
    unit: z.string().nullable(),
    choices: z.array(z.string()).nullable(),
    description: z.object({ en: z.string(), zh: z.string() }),
    /** Services that it steers. */
    readBy: z.array(z.string()),
    /** Changes with every change; null while it has its default. */
    version: z.int().nullable(),
    updatedBy: z.string().nullable(),
    updatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Parameter' });
/** A system parameter as it is shown. */
export type ParameterView = z.infer<typeof ParameterView>;

/** Body of `PUT parameters/{name}`. */
export const ParameterBody = z.strictObject({ value: AnyJson }).meta({ id: 'ParameterValue' });
/** Body of `PUT parameters/{name}`. */
export type ParameterBody = z.infer<typeof ParameterBody>;
