import type { Json, Problem } from '@orderlines/contracts';
import { processDocumentSchema, type ProcessDocument } from './document.js';
import { DEFAULT_NAMESPACE } from './document-fields.js';
import type { Source } from './source.js';
import type { TaskTypeCatalogue } from './task-types.js';
import { checkApprovals } from './validation/approvals.js';
import { checkDeclarations } from './validation/declarations.js';
import { checkExpressions } from './validation/expressions.js';
import { checkFlows } from './validation/flows.js';
import { Report } from './validation/report.js';
import { salvage } from './validation/salvage.js';
import { reportSchemaIssues } from './validation/schema.js';
import { checkTaskTypes } from './validation/task-types.js';

/** Everything that is wrong with a definition; the document is there when the schema accepts it. */
export interface Validation {
  readonly document?: ProcessDocument;
  readonly problems: readonly Problem[];
}

/** Names of secrets by namespace. */
export type SecretNames = ReadonlyMap<string, readonly string[]>;

/** What a definition is checked with. */
export interface ValidationOptions {
  /** Task types known here; undefined skips what needs them. */
  readonly taskTypes?: TaskTypeCatalogue | undefined;
  /** Names of secrets by namespace, those of all under the empty one; undefined: not known here. */
  readonly secrets?: SecretNames | undefined;
  /** The text it was read from, for lines and columns. */
  readonly source?: Pick<Source, 'positionOf' | 'positionOfKey' | 'positionIn' | 'typed'>;
}

/** Checks a definition and reports all its problems at once, in the order of the text. */
export function validate(value: Json, { taskTypes, secrets, source }: ValidationOptions = {}): Validation {
  const report = new Report(source);
  const parsed = processDocumentSchema.safeParse(value);
  if (!parsed.success) reportSchemaIssues(value, parsed.error.issues, report);
  const salvaged = parsed.success ? { document: parsed.data, standIns: new Set<string>() } : salvage(value);
  if (salvaged !== undefined) {
    const { document, standIns } = salvaged;
    checkDeclarations(document, standIns, report);
    checkFlows(document, standIns, report);
    checkApprovals(document, standIns, report);
    checkExpressions(document, report, secrets && secretsOf(secrets, document));
    if (taskTypes !== undefined) checkTaskTypes(document, taskTypes, report);
  }
  return { ...(parsed.success && { document: parsed.data }), problems: report.problems };
}

const secretsOf = (secrets: SecretNames, { namespace = DEFAULT_NAMESPACE }: ProcessDocument): ReadonlySet<string> =>
  new Set([...(secrets.get(namespace) ?? []), ...(secrets.get('') ?? [])]);
