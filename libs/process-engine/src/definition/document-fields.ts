import { z } from 'zod';
import { FAILURE_REASONS, QUEUE_LENGTH, type Json } from '@orderlines/contracts';

/** The namespace of a process that names none. */
export const DEFAULT_NAMESPACE = 'default';

/** What expressions call the item of a foreach that gives it no name. */
export const DEFAULT_ITEM_NAME = 'item';

/** Types that a param or a variable can be declared with; `any` only comes from the older format. */
export const DECLARED_TYPES = ['string', 'text', 'integer', 'number', 'boolean', 'date', 'datetime', 'list', 'map'] as const;

/** States that a callback can name. */
export const CALLBACK_STATES = ['SUCCESS', 'FAILURE', 'TIMEOUT', 'SKIP', 'RETRY', 'STOP'] as const;

/** Rules by which a node of a dag starts, over the nodes it needs. */
export const TRIGGERS = ['all_success', 'all_done', 'one_success', 'none_failed'] as const;

/** The most flows a container may run at once: all of them stand in the state that every transition rewrites. */
export const MAX_CONCURRENCY = 1_000;

/** The most repeats a `retry` may ask for. */
export const MAX_RETRIES = 10_000;

/** JavaScript reads this key as something else: what has such a name would be lost on the way. */
export const UNUSABLE_NAME = '__proto__';
const isUsable = (name: string): boolean => name !== UNUSABLE_NAME;
const UNUSABLE = `\`${UNUSABLE_NAME}\` cannot be a name; choose another`;

/** Id of a node: unique in the whole process. */
export const identifier = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id has 1 to 64 letters, digits, `_` or `-`')
  .refine(isUsable, UNUSABLE)
  .describe('Unique in the process; letters, digits, `_` and `-`.');
/** Where a flow goes on: a node of the same flow, or `end`. */
export const jump = z.string().min(1).describe('Id of a node of the same flow, or `end` for the end of the flow.');
/** Name of a param or a variable. */
export const valueName = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{M}\p{N}_]{0,127}$/u, 'a name begins with a letter or `_`; letters of any alphabet, digits and `_` follow')
  .refine(isUsable, UNUSABLE);
/** A duration as it is written. */
export const duration = z
  .string('write a duration with its unit, such as `500ms`, `10s`, `5m`, `2h` or `1d`')
  .min(1)
  .describe('`500ms`, `10s`, `5m`, `2h`, `1d`, or one `${{ expression }}` giving such a text or a number of seconds.');
/** A boolean, or one expression giving it. */
export const condition = z
  .union([z.boolean(), z.string().min(1)], 'write true, false or one `${{ expression }}`')
  .describe('true, false or exactly one `${{ expression }}` giving one of them.');
/** A text without further rules. */
export const text = z.string();
/** Any value; the reader has already made sure that it is JSON. */
export const json = z.unknown() as unknown as z.ZodType<Json>;
/** A task type as it is named in `uses`. */
export const taskType = z.string().min(1).describe('Task type: `name` or `name@version`.');
/** Name of a queue. */
export const queue = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, 'a queue has letters, digits, `_` or `-`')
  .max(QUEUE_LENGTH, `a queue has at most ${QUEUE_LENGTH} characters`)
  .describe('Pool of workers that takes the task.');
/** A pattern of `collect`. */
export const collected = z
  .string()
  .max(512)
  .regex(
    /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\\0]+$/,
    'a pattern such as `dist/*.tgz` names files inside the folder of the task: no leading `/`, no `..`, no `\\`',
  )
  .describe('Pattern of files in the folder of the task: `*` within a name, `**` any depth.');
/** Values by name, expressions among them. */
export const values = z.record(z.string(), json);
/** `workspace: run`. */
export const workspace = z.literal('run').describe('The tasks share one folder and stay on one worker.');

/** A callback of a node or a process. */
export const callback = z
  .strictObject({
    states: z.array(z.enum(CALLBACK_STATES)).min(1),
    uses: taskType,
    with: values.optional(),
  })
  .meta({ id: 'Callback', description: 'A task run beside the flow when a state is reached.' });

/** A `retry`. */
export const retry = z
  .strictObject({
    limit: z.int().min(0).max(MAX_RETRIES).describe('Repeats after the first attempt.'),
    delay: duration.optional(),
    backoff: z.enum(['fixed', 'linear', 'exponential']).optional(),
    factor: z.number().min(1).max(100).optional().describe('What an exponential delay is multiplied by each time; 2 by default.'),
    maxDelay: duration.optional(),
    jitter: z.number().min(0).max(1).optional().describe('Share of the delay that is drawn at random.'),
    budget: duration.optional().describe('No repeat starts later than this after the start of the first attempt.'),
    reasons: z.array(z.enum(FAILURE_REASONS)).min(1).optional(),
    when: z.string().min(1).optional().describe('One `${{ expression }}` giving true when the failure is to be repeated.'),
  })
  .meta({ id: 'Retry', description: 'Repeats of a failed task or container.' });

/** `onError` of a node. */
export const nodeOnError = z
  .union([z.enum(['raise', 'ignore', 'hold']), z.strictObject({ goto: jump })], 'write `raise`, `ignore`, `hold` or `{ goto: <node id> }`')
  .describe('What becomes of a failure after its last attempt.');

/** How many flows of a container run at once. */
export const concurrency = z.int().min(1).max(MAX_CONCURRENCY);

/** A param, of a process or of the form of an approval. */
export const param = z
  .strictObject({
    name: valueName,
    type: z.enum(DECLARED_TYPES),
    title: text.optional(),
    description: text.optional(),
    required: z.boolean().optional(),
    default: json.optional().describe('A value, or expressions over `run` and earlier params.'),
    enum: z.array(json).min(1).optional(),
    pattern: z.string().optional().describe('RE2 pattern that the text must match.'),
    min: z.number().optional().describe('Smallest number, or shortest text, list or map.'),
    max: z.number().optional().describe('Largest number, or longest text, list or map.'),
  })
  .meta({ id: 'Param', description: 'A typed input of the process.' });

/** A declared variable. */
export const variable = z
  .strictObject({
    name: valueName,
    type: z.enum([...DECLARED_TYPES, 'any']),
    description: text.optional(),
    value: json.optional(),
  })
  .meta({ id: 'Variable', description: 'A value that the run can change.' });

/** What becomes of a run that finds no slot free. */
export const SLOT_POLICIES = ['queue', 'skip', 'cancel_running', 'fail'] as const;

/** `concurrency` of a process. */
export const turns = z
  .strictObject({
    key: text
      .min(1)
      .describe('What runs take turns under: a text, or expressions over `params` and `run`. Each namespace has its own keys.'),
    limit: z.int().min(1).max(1_000).optional().describe('Runs with the key at a time; 1 by default.'),
    policy: z.enum(SLOT_POLICIES).optional().describe('What becomes of a run when all slots are taken; `queue` by default.'),
  })
  .meta({ id: 'Concurrency', description: 'How many runs with the same key go on at a time.' });

/** A callback as it is written. */
export type CallbackDocument = z.output<typeof callback>;
/** A `retry` as it is written. */
export type RetryDocument = z.output<typeof retry>;

/** A param as it is declared. */
export type ParamDocument = z.output<typeof param>;
/** A variable as it is declared. */
export type VariableDocument = z.output<typeof variable>;
