import type { Json } from '@orderlines/contracts';
import { z } from 'zod';
import type { ValuePath } from '../../variables/parse-template.js';
import { isMap } from '../../variables/value.js';
import { processDocumentSchema } from '../document.js';

/** Keys that the schema allows in the map at a path. */
export function keysAllowedAt(value: Json, path: ValuePath): readonly string[] {
  let at: Json | undefined = value;
  let schema = plain(processDocumentSchema, at);
  for (const step of path) {
    at = Array.isArray(at) ? at[Number(step)] : isMap(at) ? (at[step] as Json | undefined) : undefined;
    const inner = child(schema, step);
    if (inner === undefined) return [];
    schema = plain(inner, at);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function child(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, z.core.$ZodType>)[step];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

/** The schema inside `optional` and `default`, and of a union the member that the value means. */
function plain(schema: z.core.$ZodType, value: Json | undefined): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return plain(schema.def.innerType, value);
  if (!(schema instanceof z.ZodUnion)) return schema;
  const options = schema.options.map((option) => plain(option, value));
  const type = isMap(value) ? (value['type'] ?? 'task') : undefined;
  const meant = options.find((option) => option instanceof z.ZodObject && literalsOf(option.shape['type']).includes(type));
  return meant ?? options.find((option) => option instanceof z.ZodObject) ?? schema;
}

function literalsOf(schema: z.core.$ZodType | undefined): readonly unknown[] {
  const inner = schema && plain(schema, undefined);
  return inner instanceof z.ZodLiteral ? [...inner.values] : [];
}
