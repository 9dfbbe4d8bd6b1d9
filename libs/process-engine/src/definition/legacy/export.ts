import type { Json, JsonObject, Problem } from '@orderlines/contracts';
import type { ProcessDocument } from '../document.js';
import type { ParamDocument, VariableDocument } from '../document-fields.js';
import { differences } from './differences.js';
import { NodeExporter, secondsOf } from './export-nodes.js';
import { Inexpressible, legacyValues } from './export-text.js';
import { importLegacy } from './import.js';
import { originOf } from './modules.js';
import { noticeWords } from './notices.js';

/** What an export gives. */
export interface LegacyExport {
  /** The definition in the older format; absent when a problem is an error. */
  readonly object?: JsonObject;
  /** What the older format cannot say; paths lead into the document. */
  readonly problems: readonly Problem[];
}

/** Limit of a process that names none in the new format, seconds. */
const CURRENT_PROCESS_SECONDS = 86_400;

const VARIABLE_TYPES: Readonly<Record<string, string>> = {
  ...{ string: 'str', integer: 'int', number: 'float', boolean: 'bool', list: 'list', map: 'dict', any: 'None' },
};

const HEADER_LABELS = ['creator', 'version', 'version_desc', 'process_type'] as const;

/**
 * Writes a process in the older format, where it can be expressed. The result is read again and compared: what would
 * become another process is a problem, never a silent change. `legacyId` is the `process_id` it was imported under.
 */
export function exportLegacy(document: ProcessDocument, legacyId: string = document.name): LegacyExport {
  const problems: Problem[] = [];
  const refuse = (path: string, what: string): void => {
    problems.push({ code: 'legacy.inexpressible', message: `The older format cannot say this: ${what}.`, path, severity: 'error' });
  };
  const taken = new Set(idsOf(document));
  const nodes = new NodeExporter(taken, refuse);
  if (document.type === 'dag') refuse('type', 'a process whose nodes need each other');
  nodes.process(document.flow);
  const object: JsonObject = {
    process_info: headerOf(document, legacyId, refuse),
    variable: (document.variables ?? []).map(variableOf),
    task_nodes: nodes.nodes,
  };
  if (problems.length > 0) return { problems };
  const again = importLegacy(object);
  for (const problem of again.problems) {
    if (problem.severity === 'error') refuse('', problem.message.replace(/\.$/, ''));
  }
  if (again.document !== undefined) for (const { path, what } of differences(document, again.document)) refuse(path, what);
  return problems.length > 0 ? { problems } : { object, problems };
}

function idsOf(document: ProcessDocument): string[] {
  return [...JSON.stringify(document.flow).matchAll(/"id":"([^"]+)"/g)].map((match) => match[1] ?? '');
}

function headerOf(document: ProcessDocument, legacyId: string, refuse: (path: string, what: string) => void): JsonObject {
  const labels = document.labels ?? {};
  const config = attempt(
    () => configOf(document),
    (what) => refuse('', what),
  );
  return {
    process_id: legacyId,
    process_name: document.name,
    namespace: document.namespace ?? 'default',
    desc: document.description ?? null,
    ...Object.fromEntries(HEADER_LABELS.flatMap((label) => (labels[label] === undefined ? [] : [[label, labels[label]]]))),
    process_params: Object.fromEntries((document.params ?? []).map((param) => [param.name, paramValue(param)])),
    process_config: config ?? {},
  };
}

function attempt<T>(make: () => T, refuse: (what: string) => void): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Inexpressible)) throw error;
    refuse(error.message);
    return undefined;
  }
}

function configOf(document: ProcessDocument): JsonObject {
  const [callback, ...more] = document.callbacks ?? [];
  if (more.length > 0) throw new Inexpressible('several callbacks of a process');
  return {
    timeout: document.timeout === undefined ? CURRENT_PROCESS_SECONDS : secondsOf(document.timeout),
    ...(callback === undefined ? { is_send: false } : { is_send: true, notice_type: noticeWords(callback.states) }),
    setup: methodOfFlow(document.setup ?? [], 'setup'),
    teardown: methodOfFlow(document.teardown ?? [], 'teardown'),
  };
}

function methodOfFlow(flow: ProcessDocument['flow'], section: string): JsonObject {
  const [node, ...more] = flow;
  if (node === undefined) return { name: '', method_kwargs: {} };
  const origin = node.type === 'task' && more.length === 0 ? originOf(node.uses, node.with ?? {}) : undefined;
  if (origin === undefined) throw new Inexpressible(`\`${section}\` with anything but one task of the older library`);
  return { name: `${origin.module}.${origin.method}`, method_kwargs: legacyValues(origin.arguments) };
}

function variableOf(variable: VariableDocument): JsonObject {
  const value: Json = variable.value ?? null;
  return {
    variable_key: variable.name,
    variable_type: VARIABLE_TYPES[variable.type] ?? variable.type,
    variable_value: unescaped(value),
    variable_desc: variable.description ?? null,
  };
}

const paramValue = (param: ParamDocument): Json => unescaped(param.default ?? null);

function unescaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$${{', '${{');
  if (Array.isArray(value)) return value.map(unescaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, unescaped(entry)]));
}
