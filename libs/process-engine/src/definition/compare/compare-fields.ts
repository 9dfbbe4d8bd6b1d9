import { canonicalJson, type FieldChange, type Json, type JsonObject } from '@orderlines/contracts';
import { isMap, own } from '../../variables/value.js';
import type { ValuePath } from '../../variables/parse-template.js';
import { pathText } from '../source.js';

/** The values in which two objects differ, as deep as both sides have the same shape; lists of different lengths differ as a whole. */
export function compareFields(before: JsonObject, after: JsonObject): FieldChange[] {
  const found: FieldChange[] = [];
  compareMaps(before, after, [], found);
  return found;
}

function compareValues(before: Json | undefined, after: Json | undefined, path: ValuePath, found: FieldChange[]): void {
  if (isMap(before) && isMap(after)) return compareMaps(before as JsonObject, after as JsonObject, path, found);
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.forEach((item, index) => compareValues(item, after[index], [...path, index], found));
  }
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return;
  found.push({ path: pathText(path), ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
}

function compareMaps(before: JsonObject, after: JsonObject, path: ValuePath, found: FieldChange[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [own(before, key), own(after, key)];
    if (was !== undefined || is !== undefined) compareValues(was, is, [...path, key], found);
  }
}
