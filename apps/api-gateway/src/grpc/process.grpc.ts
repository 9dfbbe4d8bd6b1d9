import { ProcessQuery, type Problem, type ProcessSummary } from '@orderlines/contracts';
import { processRpc } from '@orderlines/rpc';
import type { Functions } from '../gateway.module.js';
import type { Handlers } from './handlers.js';
import { pageOf, parseRequest } from './requests.js';

const { DefinitionFormat, Severity } = processRpc;

/** `orderlines.process.v1.ProcessService`. */
export const processService = ({ definitions, catalogue }: Functions, handlers: Handlers): processRpc.ProcessServiceServer => ({
  buildProcess: handlers.unary(async ({ content, format, draft, dry }, principal) => {
    const { saved } = await definitions.build({ content, format: formatOf(format), draft, dry }, principal);
    return { ...saved, id: saved.id ?? '', version: saved.version ?? 0, problems: saved.problems.map(toProblem) };
  }),
  validateProcess: handlers.unary(async ({ content, format }) => {
    const { valid, problems, converted } = await definitions.validate({ content, format: formatOf(format) });
    return { valid, converted, problems: problems.map(toProblem) };
  }),
  getProcess: handlers.unary(async ({ process }) => {
    const found = await catalogue.get(process);
    return { process: toProcess(found), document: found.document ?? undefined };
  }),
  listProcesses: handlers.unary(async ({ namespace, name, pageSize, pageToken }, principal) => {
    const query = parseRequest(ProcessQuery, {
      ...pageOf(pageSize, pageToken),
      namespace: namespace || undefined,
      name: name || undefined,
    });
    const { items, nextCursor } = await catalogue.list(query, principal);
    return { processes: items.map(toProcess), nextPageToken: nextCursor ?? '' };
  }),
});

const formatOf = (format: processRpc.DefinitionFormat): 'auto' | 'yaml' | 'json' => {
  if (format === DefinitionFormat.DEFINITION_FORMAT_YAML) return 'yaml';
  return format === DefinitionFormat.DEFINITION_FORMAT_JSON ? 'json' : 'auto';
};

const toProblem = ({ code, message, path, line, column, severity }: Problem): processRpc.Problem => ({
  ...{ code, message, path },
  line: line ?? 0,
  column: column ?? 0,
  severity: severity === 'error' ? Severity.SEVERITY_ERROR : Severity.SEVERITY_WARNING,
});

const toProcess = (process: ProcessSummary): processRpc.Process => {
  const { id, namespace, name, description, labels, createdBy, updatedBy } = process;
  return {
    ...{ id, namespace, name, description, labels, createdBy, updatedBy },
    legacyId: process.legacyId ?? '',
    latestVersion: process.latestVersion ?? 0,
    createdAt: new Date(process.createdAt),
    updatedAt: new Date(process.updatedAt),
  };
};
