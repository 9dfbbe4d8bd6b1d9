import { z } from 'zod';

/** Text in the two languages of the product. */
export const LocalizedText = z.object({ en: z.string().min(1), zh: z.string().min(1) });
/** Text in the two languages of the product. */
export type LocalizedText = z.infer<typeof LocalizedText>;

/**
 * A JSON Schema of the subset `@cfworker/json-schema` knows (draft 2020-12). `title` and `description` are English; Chinese stands in
 * `x-i18n: { zh: { title, description } }` beside them, so that editors that know only JSON Schema show something.
 */
export const JsonSchema = z.record(z.string(), z.unknown());
/** A JSON Schema; English in `title` and `description`, Chinese in `x-i18n`. */
export type JsonSchema = z.infer<typeof JsonSchema>;

/** Hooks of a task type that run around its tasks. */
export const TASK_HOOKS = ['before', 'after', 'onError'] as const;

/** What a worker tells about a task type: enough to list it, to draw its form and to check `with` before anything runs. */
export const TaskTypeManifest = z.object({
  /** e.g. `http.request`; unique together with the version. */
  name: z.string().regex(/^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)*$/),
  /** Semantic version; `uses: name` takes the newest. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** Section of the palette, e.g. `script`. */
  category: z.string().min(1),
  /** Name of an icon of the console's set. */
  icon: z.string().min(1),
  /** Place in its category, ascending. */
  order: z.int(),
  title: LocalizedText,
  /** One sentence. */
  description: LocalizedText,
  /** Markdown: how to use it, with an example. */
  help: LocalizedText,
  /** Schema of `with`, an object. */
  inputs: JsonSchema,
  /** Schema of the result, an object. */
  results: JsonSchema,
  /** False: an attempt is started at most once; a lost one counts as failed with reason `infra`. */
  idempotent: z.boolean(),
  /** True: it stops something outside the worker when it is cancelled (a build, a job). */
  cancel: z.boolean(),
  /** True: the worker gets params and variables of the run with it. */
  wantsVariables: z.boolean(),
  hooks: z.array(z.enum(TASK_HOOKS)),
});
/** What a worker tells about a task type. */
export type TaskTypeManifest = z.infer<typeof TaskTypeManifest>;
