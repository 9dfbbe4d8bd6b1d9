import { z } from 'zod';
import { Problem } from '../problem.js';
import { VARIABLE_TYPES, VariableBody, VariableName } from './variable.js';
import { NamespaceName } from './role.js';
import { CalendarBody, ScheduleBody, ScheduleName } from './schedule.js';
import { SecretNamespace } from './secret.js';
import { HEARS_ONE_KIND, TriggerBody } from './trigger.js';

/** Most files of a request. */
export const MAX_MANIFEST_FILES = 1_000;
/** Most things that the files of a request describe. */
export const MAX_MANIFEST_THINGS = 5_000;
/** Largest text of a thing that is no process, in characters: an iCal file fits. */
export const MAX_SETTINGS_LENGTH = 1024 * 1024;

const apiVersion = z.literal('orderlines/v1');

/** A schedule as a file describes it. */
export const ScheduleManifest = z.strictObject({ apiVersion, kind: z.literal('Schedule'), ...ScheduleBody.shape });
/** A schedule as a file describes it. */
export type ScheduleManifest = z.infer<typeof ScheduleManifest>;

/** A trigger as a file describes it. */
export const TriggerManifest = z.strictObject({ apiVersion, kind: z.literal('Trigger'), ...TriggerBody.shape }).refine(...HEARS_ONE_KIND);
/** A trigger as a file describes it. */
export type TriggerManifest = z.infer<typeof TriggerManifest>;

/** A calendar of a namespace as a file describes it. */
export const CalendarManifest = z.strictObject({
  apiVersion,
  kind: z.literal('Calendar'),
  namespace: NamespaceName.default('default'),
  name: ScheduleName,
  ...CalendarBody.shape,
});
/** A calendar of a namespace as a file describes it. */
export type CalendarManifest = z.infer<typeof CalendarManifest>;

/** A variable of a namespace as a file describes it. */
export const VariableManifest = z
  .strictObject({
    apiVersion,
    kind: z.literal('Variable'),
    namespace: SecretNamespace.default('default').describe('Empty: every namespace reads it.'),
    name: VariableName,
    type: z.enum(VARIABLE_TYPES),
    value: VariableBody.shape.value,
    description: VariableBody.shape.description,
  })
  .superRefine(({ type, value, description }, context) => {
    for (const issue of VariableBody.safeParse({ type, value, description }).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    }
  });
/** A variable of a namespace as a file describes it. */
export type VariableManifest = z.infer<typeof VariableManifest>;

const names = z.array(z.string().max(300)).default([]);

/** The head of an exported namespace: whose things follow, and what they need that is not among them. */
export const BundleManifest = z.strictObject({
  apiVersion,
  kind: z.literal('Bundle'),
  namespace: NamespaceName,
  needs: z
    .strictObject({
      secrets: names.describe('Secrets that its processes name; their values are never exported.'),
      variables: names.describe('Variables of all namespaces that its processes read.'),
      queues: names.describe('Queues that its tasks want workers for.'),
      processes: names.describe('Processes that its processes run and that whoever exported it may not see, or that are not there.'),
      versions: names.describe('Who stays with a numbered version: numbers begin again where it is imported.'),
    })
    .prefault({}),
});
/** The head of an exported namespace. */
export type BundleManifest = z.infer<typeof BundleManifest>;

/** Body of `POST manifests`. */
export const ManifestBody = z
  .strictObject({
    files: z
      .array(z.strictObject({ name: z.string().min(1).max(500), content: z.string() }))
      .min(1)
      .max(MAX_MANIFEST_FILES)
      .describe('YAML, with `---` between things, or JSON; each thing says its kind.'),
    namespace: NamespaceName.optional().describe('Where the things of a bundle go, when not into the namespace that they come from.'),
    prune: z
      .boolean()
      .default(false)
      .describe('Also deletes what is in the namespaces of the files and in none of the files; of a bundle only in its own namespace.'),
    dry: z.boolean().default(false).describe('Only plans; nothing is stored.'),
    plan: z.string().max(100).optional().describe('The `digest` of the plan that is meant: refused when another one would be carried out.'),
  })
  .meta({ id: 'Manifests' });
/** Body of `POST manifests`. */
export type ManifestBody = z.infer<typeof ManifestBody>;

/** What is to be done to a thing. */
export const MANIFEST_ACTIONS = ['create', 'update', 'unchanged', 'delete'] as const;

/** What the files ask of one thing, and what became of it. */
export const ManifestChange = z
  .object({
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
    file: z.string().nullable().describe('Null: no file has it.'),
    action: z.enum(MANIFEST_ACTIONS),
    details: z.array(z.string()).describe('What differs, one line each.'),
    outcome: z
      .enum(['planned', 'done', 'failed', 'left'])
      .describe('`left`: nothing was done to it, because there was nothing to do or an earlier change failed.'),
    message: z.string().nullable().describe('Why it failed.'),
  })
  .meta({ id: 'ManifestChange' });
/** What the files ask of one thing, and what became of it. */
export type ManifestChange = z.infer<typeof ManifestChange>;

/** Something wrong with a file. */
export const ManifestProblem = z
  .object({ file: z.string(), ...Problem.unwrap().shape })
  .describe('Lines are those of the file.')
  .meta({ id: 'ManifestProblem' });
/** Something wrong with a file. */
export type ManifestProblem = z.infer<typeof ManifestProblem>;

/** The plan that follows from files, and how far it was carried out. */
export const ManifestReport = z
  .object({
    valid: z.boolean().describe('False: the files have errors, and nothing is done.'),
    digest: z.string().describe('The same for the same plan.'),
    problems: z.array(ManifestProblem),
    changes: z.array(ManifestChange).describe('In the order in which they are made.'),
  })
  .meta({ id: 'ManifestReport' });
/** The plan that follows from files, and how far it was carried out. */
export type ManifestReport = z.infer<typeof ManifestReport>;
