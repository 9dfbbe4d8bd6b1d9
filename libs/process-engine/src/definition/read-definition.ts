import type { Json, JsonObject, Problem } from '@orderlines/contracts';
import { isMap } from '../variables/value.js';
import { compile } from './compile.js';
import type { CompiledProcess } from './compiled.js';
import type { ProcessDocument } from './document.js';
import { importLegacy, LEGACY_YAML, looksLegacy } from './legacy/index.js';
import { parseSource } from './parse.js';
import { pathFromText, type Source } from './source.js';
import type { TaskTypeCatalogue } from './task-types.js';
import { validate, type SecretNames, type Validation } from './validate.js';

/** How a definition is to be read. */
export interface ReadDefinitionOptions {
  /** `auto` (the default) takes a text that begins with `{` for JSON. */
  readonly format?: 'auto' | 'yaml' | 'json' | undefined;
  /** Task types known here; undefined skips what needs them. */
  readonly taskTypes?: TaskTypeCatalogue | undefined;
  /** Names of secrets by namespace; undefined: those that are not there are not told. */
  readonly secrets?: SecretNames | undefined;
}

/** How a definition is written: in today's format or the older one, as YAML or JSON. */
export type WrittenFormat = 'yaml' | 'json' | 'legacy-yaml' | 'legacy-json';

/** A definition that was read, or everything that is wrong with it. */
export interface ReadDefinition {
  readonly writtenFormat: WrittenFormat;
  /** There when the schema accepts the definition, also with problems of other kinds. */
  readonly document?: ProcessDocument;
  /** There when the definition can run. */
  readonly compiled?: CompiledProcess;
  /** The `process_id` of a definition of the older format, by which its process can be started too. */
  readonly legacyId?: string;
  readonly problems: readonly Problem[];
  /** What an import of the older format changed, one sentence each; empty for today's format. */
  readonly converted: readonly string[];
}

/** Reads, checks and compiles a definition, of the older format too. Never throws. */
export function readDefinition(content: string, { format = 'auto', taskTypes, secrets }: ReadDefinitionOptions = {}): ReadDefinition {
  // Editors of Windows begin a file with a mark of its byte order, which JSON does not know.
  const text = content.replace(/^\uFEFF/, '');
  const meant = format === 'auto' ? (/^\s*\{/.test(text) ? 'json' : 'yaml') : format;
  const isLegacy = looksLegacy(text);
  const source = parseSource(text, { format: meant, ...(isLegacy && meant === 'yaml' && { yaml: LEGACY_YAML }) });
  const writtenFormat: WrittenFormat = isLegacy ? `legacy-${meant}` : meant;
  if (!('value' in source)) return { writtenFormat, problems: source, converted: [] };
  if (isLegacy && isMap(source.value)) return { writtenFormat, ...readLegacy(source.value as JsonObject, source, taskTypes) };
  return { writtenFormat, ...checked([], validate(source.value, { taskTypes, secrets, source })) };
}

function readLegacy(value: JsonObject, source: Source, taskTypes: TaskTypeCatalogue | undefined): Omit<ReadDefinition, 'writtenFormat'> {
  const imported = importLegacy(value, taskTypes === undefined ? {} : { taskTypes: taskTypes.keys() });
  const { converted, legacyId } = imported;
  const validation = imported.document === undefined ? { problems: [] } : validate(imported.document as unknown as Json, { taskTypes });
  const found = validation.problems.map((problem) => ({ ...problem, path: imported.placeOf(problem.path) }));
  const problems = [...imported.problems, ...found].map((problem) => ({ ...problem, ...source.positionOf(pathFromText(problem.path)) }));
  return {
    ...checked(converted, { ...validation, problems }),
    ...(legacyId !== undefined && { legacyId }),
  };
}

function checked(converted: readonly string[], { document, problems }: Validation): Omit<ReadDefinition, 'writtenFormat'> {
  const canRun = document !== undefined && problems.every((problem) => problem.severity !== 'error');
  return { ...(document && { document }), ...(canRun && { compiled: compile(document) }), problems, converted };
}
