import { z } from 'zod';
import { AnyJsonObject } from '../json.js';
import { Problem } from '../problem.js';
import { pageOf, pageQuery } from './paging.js';

/** How the text of a definition is written; `auto` looks at it. The older format is recognised by its keys in any of them. */
export const CONTENT_FORMATS = ['auto', 'yaml', 'json'] as const;
/** Formats in which a stored definition was written. */
export const STORED_FORMATS = ['yaml', 'json', 'legacy-yaml', 'legacy-json'] as const;
/** Forms in which a version can be had. */
export const EXPORT_FORMATS = ['yaml', 'json', 'legacy'] as const;

/** Largest definition, bytes of UTF-8. */
export const MAX_DEFINITION_BYTES = 4 * 1024 * 1024;

const definitionText = {
  /** The definition itself, at most 4 MiB; never the path of a file. */
  content: z.string(),
  format: z.enum(CONTENT_FORMATS).default('auto'),
};

/** Body of `POST processes/validate` and `PUT processes/{id}/draft`. */
export const DefinitionBody = z.strictObject(definitionText).meta({ id: 'Definition' });
/** Body of `POST processes/validate` and `PUT processes/{id}/draft`. */
export type DefinitionBody = z.infer<typeof DefinitionBody>;

/** Body of `POST processes`. */
export const BuildProcessBody = z
  .strictObject({
    ...definitionText,
    /** Keep it as the process's draft; it may hold problems. */
    draft: z.boolean().default(false),
    /** Check it only; nothing is stored. */
    dry: z.boolean().default(false),
  })
  .meta({ id: 'BuildProcess' });
/** Body of `POST processes`. */
export type BuildProcessBody = z.infer<typeof BuildProcessBody>;

/** Answer to `POST processes/validate`. */
export const ValidationReport = z
  .object({
    /** True: it can be published; warnings may remain. */
    valid: z.boolean(),
    problems: z.array(Problem),
    /** What was converted from the older format, one sentence each. */
    converted: z.array(z.string()),
  })
  .meta({ id: 'ValidationReport' });
/** Answer to `POST processes/validate`. */
export type ValidationReport = z.infer<typeof ValidationReport>;

/** Answer to building a process. */
export const SavedProcess = z
  .object({
    /** Null when it was only checked and is not there yet. */
    id: z.uuid().nullable(),
    name: z.string(),
    namespace: z.string(),
    /** Number of the version; null for a draft, and when it was only checked. */
    version: z.int().nullable(),
    /** What was converted from the older format, one sentence each. */
    converted: z.array(z.string()),
    /** Warnings; for a draft also what keeps it from being published. */
    problems: z.array(Problem),
  })
  .meta({ id: 'SavedProcess' });
/** Answer to building a process. */
export type SavedProcess = z.infer<typeof SavedProcess>;

const summary = {
  id: z.uuid(),
  namespace: z.string(),
  name: z.string(),
  /** `process_id` of an imported file of the older format. */
  legacyId: z.string().nullable(),
  description: z.string(),
  labels: z.record(z.string(), z.string()),
  /** Null while there is only a draft. */
  latestVersion: z.int().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedBy: z.string(),
  updatedAt: z.iso.datetime(),
};

/** A process in a list. */
export const ProcessSummary = z.object(summary).meta({ id: 'ProcessSummary' });
/** A process in a list. */
export type ProcessSummary = z.infer<typeof ProcessSummary>;
/** A page of processes. */
export const ProcessPage = pageOf('ProcessPage', ProcessSummary);
/** A page of processes. */
export type ProcessPage = z.infer<typeof ProcessPage>;

/** Query of `GET processes`: `name` is any part of a name, whatever its case. */
export const ProcessQuery = z.object({ ...pageQuery, namespace: z.string().max(128).optional(), name: z.string().max(128).optional() });
/** Query of `GET processes`. */
export type ProcessQuery = z.infer<typeof ProcessQuery>;

/** A process with the document of its latest version. */
export const ProcessDetail = z
  .object({
    ...summary,
    /** The document of the latest version, or null while there is only a draft. */
    document: AnyJsonObject.nullable(),
    hasDraft: z.boolean(),
  })
  .meta({ id: 'Process' });
/** A process with the document of its latest version. */
export type ProcessDetail = z.infer<typeof ProcessDetail>;

/** One version of a process, without its document. */
export const VersionSummary = z
  .object({
    id: z.uuid(),
    number: z.int(),
    status: z.enum(['published', 'offline']),
    sourceFormat: z.enum(STORED_FORMATS),
    description: z.string(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'VersionSummary' });
/** One version of a process, without its document. */
export type VersionSummary = z.infer<typeof VersionSummary>;
/** A page of versions, newest first. */
export const VersionPage = pageOf('VersionPage', VersionSummary);
/** A page of versions, newest first. */
export type VersionPage = z.infer<typeof VersionPage>;
/** One version of a process. */
export const VersionDetail = z.object({ ...VersionSummary.shape, document: AnyJsonObject, source: z.string() }).meta({ id: 'Version' });
/** One version of a process. */
export type VersionDetail = z.infer<typeof VersionDetail>;
/** Query of `GET processes/{id}/versions`. */
export const VersionQuery = z.object(pageQuery);
/** Query of `GET processes/{id}/versions`. */
export type VersionQuery = z.infer<typeof VersionQuery>;
/** Query of `GET processes/{id}/versions/{n}/source`; without a format the text comes as it was written. */
export const SourceQuery = z.object({ format: z.enum(EXPORT_FORMATS).optional() });
/** Query of `GET processes/{id}/versions/{n}/source`. */
export type SourceQuery = z.infer<typeof SourceQuery>;

/** The draft of a process; its ETag stands in the header of that name. */
export const DraftView = z
  .object({
    processId: z.uuid(),
    content: z.string(),
    format: z.enum(STORED_FORMATS),
    problems: z.array(Problem),
    updatedBy: z.string(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Draft' });
/** The draft of a process. */
export type DraftView = z.infer<typeof DraftView>;
