import { z } from 'zod';
import { MAX_DEPTH } from '../parse.js';
import type { Path, Report } from './report.js';

const identifier = z.union([z.string().trim().min(1), z.number().transform(String)], 'an id is a text or a whole number');
const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)], 'a text is expected');
const values = z.record(z.string(), z.unknown(), 'an object is expected');
const links = z.union(
  [identifier, z.literal('').transform(() => null), z.array(z.union([identifier, z.null()]))],
  'an id, null or a list of ids is expected',
);

const nodeSchema = z.looseObject({
  task_id: identifier,
  task_name: text.nullish(),
  task_type: text.nullish(),
  task_module: text.nullish(),
  method_name: text.nullish(),
  method_kwargs: values.nullish(),
  prev_id: links.nullish(),
  next_id: links.nullish(),
  task_config: z
    .union([values, z.array(values), z.literal('')], 'an object, or a list of { config_name, config_value }, is expected')
    .nullish(),
  result_config: z
    .union([values, z.array(values), z.literal('')], 'an object with `result_key` and `variable_key`, or a list of them, is expected')
    .nullish(),
  desc: text.nullish(),
  breakpoint: z.unknown().optional(),
  task_index_id: z.unknown().optional(),
});

const headerSchema = z.looseObject({
  process_id: identifier.nullish(),
  process_name: text.nullish(),
  creator: text.nullish(),
  desc: text.nullish(),
  version: text.nullish(),
  version_desc: text.nullish(),
  namespace: text.nullish(),
  process_type: text.nullish(),
  process_params: z.unknown().optional(),
  process_config: values.nullish(),
});

const variableSchema = z.looseObject({
  variable_key: text.nullish(),
  variable_type: text.nullish(),
  variable_value: z.unknown().optional(),
  variable_desc: text.nullish(),
});

/** A node as the older format has it, with the place where it stands. */
export type LegacyNode = z.output<typeof nodeSchema> & { readonly path: Path };
/** The header of a process as the older format has it. */
export type LegacyHeader = z.output<typeof headerSchema>;
/** A declared variable as the older format has it, with the place where it stands. */
export type LegacyVariable = z.output<typeof variableSchema> & { readonly path: Path };

/** A definition of the older format, its shape checked. */
export interface LegacySource {
  readonly header: LegacyHeader;
  readonly headerPath: Path;
  readonly nodes: readonly LegacyNode[];
  /** Every id that is written anywhere as a node's own, also of nodes that are broken. */
  readonly ids: ReadonlySet<string>;
  readonly variables: readonly LegacyVariable[];
}

/** The key under which the list of nodes is found; all three have been in use. */
export const NODE_KEYS = ['task_nodes', 'process_node', 'node_list'] as const;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** True for a definition of the older format. */
export const isLegacy = (object: unknown): boolean =>
  isObject(object) && !('apiVersion' in object) && ['process_info', ...NODE_KEYS].some((key) => key in object);

/** Keys that the older product wrote and that mean nothing for a run. */
const ROW_KEYS = [
  ...['id', 'active', 'process_id', 'process_name', 'creator', 'creator_id', 'creator_name', 'updater', 'updater_id', 'updater_name'],
  ...['insert_time', 'update_time', 'mode', 'is_cache', 'is_global', 'module_version', 'version'],
];

function checked<T>(schema: z.ZodType<T>, value: unknown, path: Path, report: Report): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    report.error(
      [...path, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))],
      'shape',
      sentence(issue.message),
    );
  }
  return undefined;
}

const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;

function warnOfUnknownKeys(value: object, known: readonly string[], path: Path, report: Report): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key) || ROW_KEYS.includes(key) || key === 'path') continue;
    report.warning([...path, key], 'unknown-key', `The key \`${key}\` is not known to the older format and is left out.`);
  }
}

function listOf<T extends object>(
  raw: unknown,
  path: Path,
  schema: z.ZodType<T>,
  known: readonly string[],
  report: Report,
): (T & { path: Path })[] {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw)) {
    report.error(path, 'shape', `\`${String(path[0])}\` is a list.`);
    return [];
  }
  return raw.flatMap((entry: unknown, index) => {
    const parsed = checked(schema, entry, [...path, index], report);
    if (parsed === undefined) return [];
    warnOfUnknownKeys(parsed, known, [...path, index], report);
    return [{ ...parsed, path: [...path, index] }];
  });
}

/** Without recursion, since what comes over an interface can be deeper than the stack. */
function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((entry) => (typeof entry === 'object' && entry !== null ? Object.values(entry) : []));
  }
  return false;
}

/** Checks the shape of a definition of the older format; what is wrong goes to the report, what can be read is given back. */
export function readSource(object: unknown, report: Report): LegacySource | undefined {
  if (!isObject(object)) {
    report.error([], 'shape', 'A definition of the older format is an object with `process_info`, `task_nodes` and `variable`.');
    return undefined;
  }
  if (isDeeperThan(object, MAX_DEPTH)) {
    report.error([], 'too-deep', `Maps and lists are more than ${MAX_DEPTH} levels deep.`);
    return undefined;
  }
  const nodeKey = NODE_KEYS.find((key) => key in object) ?? 'task_nodes';
  const wrapped = 'process_info' in object;
  const rawHeader = wrapped ? object.process_info : object;
  const headerPath: Path = wrapped ? ['process_info'] : [];
  const header = checked(headerSchema, rawHeader ?? {}, headerPath, report);
  const top = ['process_info', ...NODE_KEYS, 'variable'];
  const headerKeys = [...Object.keys(headerSchema.shape), 'process_desc'];
  if (wrapped) warnOfUnknownKeys(object, top, [], report);
  if (header !== undefined) warnOfUnknownKeys(header, wrapped ? headerKeys : [...top, ...headerKeys], headerPath, report);
  const rawNodes = object[nodeKey];
  if (!Array.isArray(rawNodes) || rawNodes.length === 0) {
    report.error([nodeKey], 'no-nodes', 'The definition has no nodes: `task_nodes` is a list with at least a start node.');
    return undefined;
  }
  const nodes = listOf(rawNodes, [nodeKey], nodeSchema, Object.keys(nodeSchema.shape), report);
  const variables = listOf(object.variable, ['variable'], variableSchema, Object.keys(variableSchema.shape), report);
  const ids = new Set(
    rawNodes.flatMap((node: unknown) =>
      isObject(node) && ['string', 'number'].includes(typeof node.task_id) ? [String(node.task_id).trim()] : [],
    ),
  );
  return header === undefined ? undefined : { header, headerPath, nodes, ids, variables };
}
