import { z } from 'zod';
import { PageQuery, Timestamp, pageOf } from './page.js';
import { ProblemView } from './problem-details.js';

/** How a definition is written; `auto` finds out. The older format is known by its keys. */
export const DefinitionFormat = z.enum(['auto', 'yaml', 'json']).default('auto');

const DefinitionText = z.string().max(4 * 1024 * 1024, 'a definition has at most 4 MiB');

/** Checks a definition without storing it. */
export const ValidateProcessBody = z.strictObject({ content: DefinitionText, format: DefinitionFormat }).meta({ id: 'ValidateProcess' });

/** What is wrong with a definition. */
export const ValidationResult = z
  .object({ valid: z.boolean(), problems: z.array(ProblemView), converted: z.array(z.string()) })
  .meta({ id: 'ValidationResult' });
/** What is wrong with a definition. */
export type ValidationResult = z.infer<typeof ValidationResult>;

/** Stores a definition: published at once, or as the draft. */
export const BuildProcessBody = z
  .strictObject({ content: DefinitionText, format: DefinitionFormat, draft: z.boolean().default(false), dry: z.boolean().default(false) })
  .meta({ id: 'BuildProcess' });

/** What storing a definition led to; without id and version after a dry run, without version for a draft. */
export const SavedProcess = z
  .object({
    id: z.uuid().nullable(),
    name: z.string(),
    namespace: z.string(),
    version: z.int().nullable(),
    converted: z.array(z.string()),
    /** Things worth a look that do not stop it. */
    warnings: z.array(ProblemView),
  })
  .meta({ id: 'SavedProcess' });
/** What storing a definition led to. */
export type SavedProcess = z.infer<typeof SavedProcess>;

/** A process in lists. */
export const ProcessSummary = z
  .object({
    id: z.uuid(),
    namespace: z.string(),
    name: z.string(),
    /** `process_id` of an imported file of the older format. */
    legacyId: z.string().nullable(),
    description: z.string(),
    labels: z.record(z.string(), z.string()),
    latestVersion: z.int().nullable(),
    createdBy: z.string(),
    createdAt: Timestamp,
    updatedBy: z.string(),
    updatedAt: Timestamp,
  })
  .meta({ id: 'ProcessSummary' });
/** A process in lists. */
export type ProcessSummary = z.infer<typeof ProcessSummary>;

/** A process with the document of its newest published version. */
export const ProcessDetail = ProcessSummary.extend({
  hasDraft: z.boolean(),
  document: z.record(z.string(), z.unknown()).nullable(),
}).meta({ id: 'Process' });
/** A process with the document of its newest published version. */
export type ProcessDetail = z.infer<typeof ProcessDetail>;

/** Query of the list of processes. */
export const ProcessQuery = PageQuery.extend({ name: z.string().max(200).optional(), namespace: z.string().max(200).optional() });

/** A page of processes. */
export const ProcessPage = pageOf(ProcessSummary);

/** A version in lists. */
export const VersionSummary = z
  .object({
    id: z.uuid(),
    number: z.int(),
    status: z.string(),
    description: z.string(),
    sourceFormat: z.string(),
    createdBy: z.string(),
    createdAt: Timestamp,
  })
  .meta({ id: 'ProcessVersionSummary' });

/** All versions of a process, newest first. */
export const VersionList = z.object({ items: z.array(VersionSummary) });

/** A version with its document. */
export const VersionDetail = VersionSummary.extend({ document: z.record(z.string(), z.unknown()), source: z.string() }).meta({
  id: 'ProcessVersion',
});

/** In which format a version is written out. */
export const ExportQuery = z.object({ format: z.enum(['yaml', 'json', 'legacy']).default('yaml') });

/** Saves the draft. */
export const SaveDraftBody = z.strictObject({ content: DefinitionText, format: DefinitionFormat }).meta({ id: 'SaveDraft' });

/** The draft with what is wrong with it now; its ETag stands in the header. */
export const DraftView = z
  .object({
    processId: z.uuid(),
    source: z.string(),
    sourceFormat: z.string(),
    problems: z.array(ProblemView),
    updatedBy: z.string(),
    updatedAt: Timestamp,
  })
  .meta({ id: 'ProcessDraft' });
