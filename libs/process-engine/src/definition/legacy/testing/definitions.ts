import type { Json, JsonObject } from '@orderlines/contracts';
import type { NodeDocument, ProcessDocument } from '../../document.js';
import { importLegacy, type LegacyImport, type LegacyOptions } from '../import.js';

/** A node of the older format; `common` and `Test.test_add` where nothing else is said. */
export const node = (task_id: Json, next_id: Json, more: JsonObject = {}): JsonObject => ({
  task_id,
  task_name: '',
  task_type: 'common',
  task_module: 'Test',
  method_name: 'test_add',
  method_kwargs: { a: 1, b: 2 },
  next_id,
  ...more,
});

/** The start node, called `start`. */
export const start = (next_id: Json): JsonObject =>
  node('start', next_id, { task_type: 'start', task_module: 'BuiltIn', method_name: 'start', method_kwargs: null });

/** An end node. */
export const end = (task_id: Json): JsonObject =>
  node(task_id, null, { task_type: 'end', task_module: 'BuiltIn', method_name: 'end', method_kwargs: null });

/** A gateway with its branches as they are written. */
export const gateway = (task_id: Json, conditions: Json, pc_type: Json = 'result'): JsonObject =>
  node(task_id, null, {
    task_type: 'process_control',
    task_module: 'ProcessControl',
    method_name: 'process_control',
    method_kwargs: { pc_type, conditions },
  });

/** A group of tasks. */
export const group = (task_id: Json, group_ids: Json, next_id: Json = null, more: JsonObject = {}): JsonObject =>
  node(task_id, next_id, { task_type: 'group', task_module: 'Group', method_name: 'task_group', method_kwargs: { group_ids }, ...more });

/** A parallel node. */
export const parallel = (task_id: Json, parallel_task_ids: Json, next_id: Json = null, more: JsonObject = {}): JsonObject =>
  node(task_id, next_id, {
    task_type: 'parallel',
    task_module: 'Parallel',
    method_name: 'parallel_task',
    method_kwargs: { parallel_task_ids },
    ...more,
  });

/** A declared variable. */
export const variable = (variable_key: string, variable_type: Json, variable_value: Json = null): JsonObject => ({
  variable_key,
  variable_type,
  variable_value,
});

/** A whole definition of the older format; the process sends no mail, so that documents stay small. */
export const definition = (task_nodes: Json[], variables: Json[] = [], info: JsonObject = {}): JsonObject => ({
  process_info: { process_id: 'p-1', process_name: 'test', process_config: { is_send: false }, ...info },
  variable: variables,
  task_nodes,
});

/** A definition of one task between start and end. */
export const single = (task: JsonObject, variables: Json[] = []): JsonObject =>
  definition([start('t'), { ...node('t', 'e'), ...task }, end('e')], variables);

/** The document of an import that must have no errors. */
export function documentOf(object: Json, options: LegacyOptions = {}): ProcessDocument {
  const { document, problems } = importLegacy(object, options);
  if (document === undefined) throw new Error(`the import failed: ${JSON.stringify(problems, null, 2)}`);
  return document;
}

/** A node of the process's own flow. */
export function nodeOf(document: ProcessDocument, id: string): NodeDocument {
  const found = document.flow.find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`${id} is not in the flow`);
  return found;
}

/** The task of {@link single} after its import. */
export const taskOf = (task: JsonObject, variables: Json[] = []): NodeDocument => nodeOf(documentOf(single(task, variables)), 't');

/** A task type that a plugin provides under the name of a module's method; its arguments stay as they are written. */
export const PLUGIN = { task_module: 'Plugin', method_name: 'run' };
/** Options under which {@link PLUGIN} is known. */
export const WITH_PLUGIN: LegacyOptions = { taskTypes: ['Plugin.run'] };

/** What becomes of one argument of a task. */
export function argumentOf(argument: Json, variables: Json[] = []): Json {
  const task = nodeOf(documentOf(single({ ...PLUGIN, method_kwargs: { argument } }, variables), WITH_PLUGIN), 't');
  return (task.type === 'task' ? task.with?.argument : undefined) ?? null;
}

/** `id → next` of a flow, with the ways of a gateway in brackets. */
export const outline = (flow: readonly NodeDocument[]): string[] =>
  flow.map((entry) => {
    if (entry.type === 'switch') {
      const ways = entry.cases.map((way) => way.next);
      return `${entry.id} [${[...ways, ...(entry.default === undefined ? [] : [`else ${entry.default}`])].join(' ')}]`;
    }
    return 'next' in entry && entry.next !== undefined ? `${entry.id} → ${entry.next}` : entry.id;
  });

/** `severity code path` of every problem. */
export const problemsOf = (result: Pick<LegacyImport, 'problems'>): string[] =>
  result.problems.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
