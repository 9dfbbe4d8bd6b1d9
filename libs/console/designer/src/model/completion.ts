import { DEFAULT_ITEM_NAME, type ProcessDocument, type TaskTypeCatalogue } from '@orderlines/process-engine';
import { placesIn, sectionsOf, withDescendants, type Place } from './flows.js';

/** Something an expression can read. */
export interface Completion {
  /** What is written, e.g. `vars.count`. */
  readonly text: string;
  readonly kind: 'param' | 'variable' | 'task' | 'item' | 'run' | 'result' | 'secret';
  /** Type, or what it is. */
  readonly detail: string;
}

const RUN = ['id', 'number', 'process', 'version', 'namespace', 'startedBy', 'origin', 'logicalTime', 'url', 'status'];
const OF_TASK = ['status', 'failed', 'result', 'error.message', 'error.reason', 'attempts', 'startedAt', 'finishedAt'];
const isPlain = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** `root.name`, or `root['name']` where the name asks for it. */
export const readOf = (root: string, name: string): string => (isPlain(name) ? `${root}.${name}` : `${root}['${name}']`);

/** What expressions of a node see: params, variables, secrets, the run, items around it, and the nodes that can have run before it. */
export function completionsAt(
  document: ProcessDocument,
  nodeId: string | undefined,
  taskTypes: TaskTypeCatalogue,
  secrets: readonly string[] = [],
): readonly Completion[] {
  const places = placesIn(document);
  return [
    ...(document.params ?? []).map(({ name, type }): Completion => ({ text: readOf('params', name), kind: 'param', detail: type })),
    ...(document.variables ?? []).map(({ name, type }): Completion => ({ text: readOf('vars', name), kind: 'variable', detail: type })),
    ...(nodeId === undefined ? [] : itemsAround(places, nodeId)),
    ...earlierThan(document, places, nodeId).flatMap((place) => resultsOf(place, taskTypes)),
    ...secrets.map((name): Completion => ({ text: readOf('secrets', name), kind: 'secret', detail: 'secret' })),
    ...RUN.map((name): Completion => ({ text: `run.${name}`, kind: 'run', detail: 'run' })),
  ];
}

function itemsAround(places: ReadonlyMap<string, Place>, nodeId: string): Completion[] {
  const found: Completion[] = [];
  for (let owner = places.get(nodeId)?.flow.owner; owner; owner = places.get(owner)?.flow.owner) {
    const container = places.get(owner)?.node;
    if (container?.type !== 'foreach') continue;
    found.push({ text: container.as ?? DEFAULT_ITEM_NAME, kind: 'item', detail: owner }, { text: 'index', kind: 'item', detail: owner });
  }
  return found;
}

/** Nodes before this one in the document; where it stands in a loop, later ones can have run as well, but nobody looks for those first. */
function earlierThan(document: ProcessDocument, places: ReadonlyMap<string, Place>, nodeId: string | undefined): readonly Place[] {
  const ids = sectionsOf(document).flatMap(([, nodes]) => nodes.flatMap(withDescendants).map(({ id }) => id));
  const own = nodeId === undefined ? -1 : ids.indexOf(nodeId);
  const earlier = own === -1 ? ids : ids.slice(0, own);
  return earlier.reverse().flatMap((id) => places.get(id) ?? []);
}

function resultsOf({ node }: Place, taskTypes: TaskTypeCatalogue): Completion[] {
  const root = readOf('tasks', node.id);
  const schema = node.type === 'task' ? taskTypes.get(node.uses)?.results : undefined;
  const properties = Object.entries((schema?.['properties'] ?? {}) as Record<string, { readonly type?: string }>);
  return [
    ...properties.map(([name, { type }]): Completion => ({ text: readOf(`${root}.result`, name), kind: 'result', detail: type ?? 'any' })),
    ...OF_TASK.map((name): Completion => ({ text: `${root}.${name}`, kind: 'task', detail: node.name ?? node.type })),
  ];
}

/** The word before the cursor that is being written, inside `${{ }}` or anywhere when the whole field is an expression. */
export function wordAt(text: string, cursor: number, isExpression: boolean): { readonly from: number; readonly word: string } | undefined {
  const before = text.slice(0, cursor);
  const opened = before.lastIndexOf('${{');
  if (!isExpression && (opened === -1 || before.indexOf('}}', opened) !== -1)) return undefined;
  const word = /[\p{L}_][\p{L}\p{N}_.'[\]-]*$/u.exec(before)?.[0] ?? '';
  return { from: cursor - word.length, word };
}
