import { z } from 'zod';
import { MAX_DURATION_MS, parseDuration } from '../duration.js';
import type { Json } from '../json.js';

/** Services that may read a parameter. */
export type ParameterReader = 'executor' | 'api-gateway' | 'scheduler';

interface Described {
  /** What it does, for people. */
  readonly description: { readonly en: string; readonly zh: string };
  /** Who does it: a change takes effect there within five seconds. */
  readonly readBy: readonly ParameterReader[];
}

/** A time, written as `30s` or `1h30m`, read as milliseconds. `zero` says what 0 means where it is allowed. */
interface DurationParameter extends Described {
  readonly kind: 'duration';
  readonly default: string;
  readonly min: string;
  readonly max: string;
}
/** A whole number of something. */
interface IntegerParameter extends Described {
  readonly kind: 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What is counted, e.g. `attempts`. */
  readonly unit: string;
}
/** Yes or no. */
interface BooleanParameter extends Described {
  readonly kind: 'boolean';
  readonly default: boolean;
}
/** One of a few words. */
interface ChoiceParameter extends Described {
  readonly kind: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
}
/** A text of a pattern. */
interface TextParameter extends Described {
  readonly kind: 'text';
  readonly default: string;
  /** Source of a regular expression for the whole text. */
  readonly pattern: string;
}

/** A setting of the whole platform that people may change while it runs. */
export type ParameterDefinition = DurationParameter | IntegerParameter | BooleanParameter | ChoiceParameter | TextParameter;

/** What a service gets for a parameter: milliseconds for a duration. */
export type ParameterValue<Definition extends ParameterDefinition> = Definition extends { readonly kind: 'duration' | 'integer' }
  ? number
  : Definition extends { readonly kind: 'boolean' }
    ? boolean
    : Definition extends { readonly kind: 'choice'; readonly choices: readonly (infer Choice)[] }
      ? Choice
      : string;

/** The schema of a parameter as it is written, which gives the value that services read. */
export const parameterSchema = (definition: ParameterDefinition): z.ZodType<string | number | boolean> => {
  switch (definition.kind) {
    case 'duration':
      return durationSchema(definition);
    case 'integer':
      return z.int().min(definition.min).max(definition.max);
    case 'boolean':
      return z.boolean();
    case 'choice':
      return z.enum(definition.choices);
    case 'text':
      return z
        .string()
        .max(2_000)
        .regex(new RegExp(`^(?:${definition.pattern})$`, 'u'));
  }
};

const durationSchema = ({ min, max }: DurationParameter): z.ZodType<number> =>
  z.string().transform((text, context) => {
    const milliseconds = parseDuration(text);
    const least = parseDuration(min) ?? 0;
    const most = parseDuration(max) ?? MAX_DURATION_MS;
    if (milliseconds !== undefined && milliseconds >= least && milliseconds <= most) return milliseconds;
    context.addIssue({ code: 'custom', message: `a duration from ${min} to ${max}, such as \`30s\`, \`10m\` or \`1h30m\`` });
    return z.NEVER;
  });

/** What somebody wrote for a parameter, perhaps as text on a command line, as it is stored. */
export const parameterFromText = ({ kind }: ParameterDefinition, text: string): Json => {
  if (kind === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
};
