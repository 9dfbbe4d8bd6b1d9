import { actorOf } from '@orderlines/auth';
import {
  CompareQuery,
  CopyProcessBody,
  ManifestBody,
  ProcessQuery,
  VersionQuery,
  type DefinitionDifference,
  type FieldDifference,
  type ProcessSummary,
  type VersionSummary,
} from '@orderlines/contracts';
import { processRpc } from '@orderlines/rpc';
import type { Functions } from '../gateway.module.js';
import type { Handlers } from './handlers.js';
import { RequestRefused } from '../problems/request-refused.js';
import { toManifestReport } from './manifest-message.js';
import { toProblem } from './problem-message.js';
import { pageOf, parseRequest } from './requests.js';

const { DefinitionFormat, VersionStatus } = processRpc;

/** `orderlines.process.v1.ProcessService`. */
export const processService = (
  { definitions, catalogue, versions, publishChecks, manifests, namespaceExport }: Functions,
  handlers: Handlers,
): processRpc.ProcessServiceServer => ({
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
  deleteProcess: handlers.unary(async ({ process }, principal) => {
    await catalogue.remove(process, actorOf(principal));
    return {};
  }),
  copyProcess: handlers.unary(async ({ process, namespace, name, version }, principal) => {
    const body = parseRequest(CopyProcessBody, { namespace, name: name || undefined, version: version || undefined });
    const saved = await versions.copy(process, body, principal);
    return { id: saved.id ?? '', namespace: saved.namespace, name: saved.name, version: saved.version ?? 0 };
  }),
  checkProcess: handlers.unary(async ({ content, format }, principal) => {
    const { valid, problems, converted, version, changes, missing, touches } = await publishChecks.ofText(
      { content, format: formatOf(format) },
      principal,
    );
    return {
      ...{ valid, converted, problems: problems.map(toProblem), version: version ?? 0 },
      changes: changes === null ? undefined : toDifference(changes),
      missingSecrets: missing.secrets,
      missingVariables: missing.variables,
      missingQueues: missing.queues,
      missingProcesses: missing.processes,
      schedules: touches.schedules.map(fullName),
      triggers: touches.triggers.map(fullName),
      callers: touches.callers.map(fullName),
      unfinishedRuns: touches.unfinishedRuns,
      hosts: touches.hosts,
    };
  }),
  listVersions: handlers.unary(async ({ process, pageSize, pageToken }) => {
    const { items, nextCursor } = await catalogue.versions(process, parseRequest(VersionQuery, pageOf(pageSize, pageToken)));
    return { versions: items.map(toVersion), nextPageToken: nextCursor ?? '' };
  }),
  compareVersions: handlers.unary(async ({ process, from, to }) => {
    const query = parseRequest(CompareQuery, { from: from || undefined, to: to || undefined });
    return { difference: toDifference(await versions.compare(process, query)) };
  }),
  setVersionStatus: handlers.unary(async ({ process, number, status }) => ({
    version: toVersion(await versions.changeStatus(process, number, statusOf(status))),
  })),
  restoreVersion: handlers.unary(async ({ process, number, replaceDraft }, principal) => {
    const { draft } = await versions.restore(process, number, { replaceDraft }, principal);
    return { content: draft.content, problems: draft.problems.map(toProblem) };
  }),
  deleteVersion: handlers.unary(async ({ process, number }) => {
    await versions.remove(process, number);
    return {};
  }),
  applyManifests: handlers.unary(async ({ files, namespace, prune, dry, plan }, principal) => {
    const body = parseRequest(ManifestBody, { files, namespace: namespace || undefined, prune, dry, plan: plan || undefined });
    return toManifestReport(await manifests.apply(body, principal));
  }),
  exportNamespace: handlers.unary(async ({ namespace }, principal) => ({ content: await namespaceExport.text(namespace, principal) })),
});

const fullName = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace}/${name}`;

const statusOf = (status: processRpc.VersionStatus): 'published' | 'offline' => {
  if (status === VersionStatus.VERSION_STATUS_OFFLINE) return 'offline';
  if (status === VersionStatus.VERSION_STATUS_PUBLISHED) return 'published';
  throw new RequestRefused('request.invalid', 'A status is wanted: published or offline.', 422);
};

const toVersion = ({ id, number, status, description, createdBy, createdAt }: VersionSummary): processRpc.Version => ({
  ...{ id, number, description, createdBy },
  status: status === 'offline' ? VersionStatus.VERSION_STATUS_OFFLINE : VersionStatus.VERSION_STATUS_PUBLISHED,
  createdAt: new Date(createdAt),
});

const toDifference = ({ settings, nodes, drawing }: DefinitionDifference): processRpc.Difference => ({
  settings: settings.map(toField),
  nodes: nodes.map(({ path, type, change, from, fields }) => ({ path, type, change, from: from ?? '', fields: fields.map(toField) })),
  drawing,
});

const toField = ({ field, before, after }: FieldDifference): processRpc.FieldDifference => ({ field, before, after });

const formatOf = (format: processRpc.DefinitionFormat): 'auto' | 'yaml' | 'json' => {
  if (format === DefinitionFormat.DEFINITION_FORMAT_YAML) return 'yaml';
  return format === DefinitionFormat.DEFINITION_FORMAT_JSON ? 'json' : 'auto';
};

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
