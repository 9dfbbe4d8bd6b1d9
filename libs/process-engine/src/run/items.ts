import { isLargeValue, type Json, type JsonObject, type LargeValue } from '@orderlines/contracts';
import type { CompiledForeach } from '../definition/compiled.js';
import { ValueError } from '../variables/operators.js';
import { RowsNeeded } from './context.js';
import { isObject, type Scope } from './document.js';
import { openValue } from './large-values.js';
import { exceeds, MAX_INPUT_BYTES } from './limits.js';
import { NodeFailed } from './node-failed.js';
import type { Turn } from './turn.js';

/** Largest item, characters of JSON, that stands in the state as long as it runs; larger ones are read from the foreach's row. */
const INLINE_ITEM = 512;
/** Items in characters of JSON that the state holds ready, so that not every item asks for the row. */
const AHEAD = 2_048;

/**
 * The elements a foreach runs over, in their order: of a map `{ key, value }`.
 * @throws NodeFailed when there is neither a list nor a map, or more than a row holds; RowsNeeded when they must be loaded first.
 */
export function elementsOf(turn: Turn, { id }: CompiledForeach, given: Json): readonly Json[] {
  const value = isLargeValue(given) ? opened(turn, id, given) : given;
  const items = Array.isArray(value)
    ? value
    : isObject(value)
      ? Object.entries(value).map(([key, entry]) => ({ key, value: entry }))
      : null;
  if (items === null) {
    const message = `items of ${id} must give a list or a map, they gave ${JSON.stringify(value).slice(0, 200)}.`;
    throw new NodeFailed({ reason: 'expression', code: 'items.not-a-list', message });
  }
  if (exceeds(items, MAX_INPUT_BYTES)) throw tooLarge(id);
  return items;
}

/** A small part of a large result stands as a reference, too. */
function opened(turn: Turn, id: string, items: LargeValue): Json {
  if (items.bytes > MAX_INPUT_BYTES) throw tooLarge(id);
  try {
    return openValue(turn, items);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new NodeFailed({ reason: 'expression', code: 'items.not-stored', message: `items of ${id}: ${error.message}.` });
  }
}

function tooLarge(id: string): NodeFailed {
  const message = `The items of ${id} take more than ${MAX_INPUT_BYTES / 1024} KiB. Run over keys or numbers, and let the tasks fetch the rest.`;
  return new NodeFailed({ reason: 'expression', code: 'items.too-large', message });
}

/** What the row of a foreach keeps of its items. */
export const inputOf = (items: readonly Json[]): JsonObject => ({ items: [...items] });

/** The items in such an input; none where the foreach never came so far. */
export const itemsIn = (input: Json | undefined): readonly Json[] => {
  const items = isObject(input) ? input.items : undefined;
  return Array.isArray(items) ? items : [];
};

/** The items of a foreach that runs. Throws RowsNeeded when its row must be loaded first. */
export function itemsOf(turn: Turn, foreach: string): readonly Json[] {
  const input = turn.inputWritten(foreach) ?? turn.context.task(foreach)?.input;
  if (input === undefined) throw new RowsNeeded([foreach], []);
  return itemsIn(input);
}

/** The items from a position on that are worth holding ready in the state. */
export function itemsAhead(items: readonly Json[], from: number): readonly Json[] {
  const ahead: Json[] = [];
  for (let position = from, size = 0; position < items.length; position++) {
    size += JSON.stringify(items[position]).length;
    if (size > AHEAD) break;
    ahead.push(items[position] as Json);
  }
  return ahead;
}

/** What the scope of an item keeps of it. */
export const keptItem = (item: Json): Pick<Scope, 'item'> => (JSON.stringify(item).length > INLINE_ITEM ? {} : { item });

/** Number of the item that something in a scope belongs to, of the innermost foreach around it. */
export function itemIndex(turn: Turn, from: Scope): number | null {
  for (let scope: Scope | undefined = from; scope; scope = around(turn, scope)) if (scope.index !== undefined) return scope.index;
  return null;
}

/** `index` and the items around a scope, by the names that expressions give them. Throws RowsNeeded for an item in its row. */
export function itemRoots(turn: Turn, from: number, names: ReadonlySet<string>): JsonObject {
  const roots: JsonObject = {};
  for (let scope = turn.findScope(from); scope; scope = around(turn, scope)) {
    const { index, owner, container } = scope;
    if (index === undefined || owner === null || container === undefined) continue;
    const { as } = turn.node(owner) as CompiledForeach;
    if (!Object.hasOwn(roots, 'index')) roots.index = index;
    if (names.has(as) && !Object.hasOwn(roots, as)) roots[as] = scope.item ?? itemsOf(turn, container)[index] ?? null;
  }
  return roots;
}

const around = (turn: Turn, scope: Scope): Scope | undefined => (scope.parent === undefined ? undefined : turn.findScope(scope.parent));
