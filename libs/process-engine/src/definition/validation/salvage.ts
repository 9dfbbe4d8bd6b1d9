import type { Json } from '@orderlines/contracts';
import type { ValuePath } from '../../variables/parse-template.js';
import { isMap } from '../../variables/value.js';
import { processDocumentSchema, type ProcessDocument } from '../document.js';
import { pathText } from '../source.js';
import { valueAt } from './schema.js';

/** What could be kept of a definition that the schema refuses, so that everything else is checked in the same go. */
export interface Salvaged {
  readonly document: ProcessDocument;
  /** Paths (as text) of nodes, params and variables that only stand in for broken ones. */
  readonly standIns: ReadonlySet<string>;
}

const ROUNDS = 6;

/** Takes out what the schema refuses: optional keys go, broken nodes and declarations become stand-ins with their name. */
export function salvage(value: Json): Salvaged | undefined {
  let kept = structuredClone(isMap(value) ? value : {}) as Json;
  const standIns = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const parsed = processDocumentSchema.safeParse(kept);
    if (parsed.success) return { document: parsed.data, standIns };
    for (const issue of parsed.error.issues) {
      const path = issue.path as ValuePath;
      if (issue.code === 'unrecognized_keys') for (const key of issue.keys) remove(kept, [...path, key]);
      else if (issue.code === 'invalid_key' || valueAt(kept, path) !== undefined) removeKey(kept, path);
      else kept = fill(kept, path, standIns);
    }
  }
  return undefined;
}

/** Removes the innermost key of a map on the path: taking an item out of a list would move the others. */
function removeKey(value: Json, path: ValuePath): void {
  const last = path.findLastIndex((step) => typeof step === 'string');
  if (last >= 0) remove(value, path.slice(0, last + 1));
}

function remove(value: Json, path: ValuePath): void {
  const owner = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (isMap(owner) && key !== undefined) delete owner[key];
}

/** Puts in what is required and missing: on the top its value, elsewhere a stand-in for the whole item. */
function fill(value: Json, path: ValuePath, standIns: Set<string>): Json {
  const [first] = path;
  if (path.length === 1 && isMap(value) && typeof first === 'string') return { ...value, [first]: PLACEHOLDERS[first] ?? [] } as Json;
  const index = path.findLastIndex((step, position) => typeof step === 'number' && isItem(path.slice(0, position)));
  if (index < 0) {
    removeKey(value, path.slice(0, -1));
    return value;
  }
  const itemPath = path.slice(0, index + 1);
  const list = valueAt(value, itemPath.slice(0, -1));
  const position = itemPath.at(-1);
  if (Array.isArray(list) && typeof position === 'number') {
    standIns.add(pathText(itemPath));
    const isDeclaration = first === 'params' || first === 'variables';
    const named = list[position];
    const name = isMap(named) ? named[isDeclaration ? 'name' : 'id'] : undefined;
    list[position] = isDeclaration
      ? { name: typeof name === 'string' ? name : `_${position}`, type: 'string' }
      : { id: typeof name === 'string' ? name : `_${pathText(itemPath).replace(/\W+/g, '_')}`.slice(0, 64), type: 'assign' };
  }
  return value;
}

const PLACEHOLDERS: Readonly<Record<string, Json>> = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'process', flow: [] };

/** True for the path of a list of nodes, params or variables. */
function isItem(path: ValuePath): boolean {
  const last = path.at(-1);
  if (path.length === 1 && (last === 'params' || last === 'variables')) return true;
  return last === 'flow' || last === 'setup' || last === 'teardown' || last === 'nodes' || path.at(-2) === 'branches';
}
