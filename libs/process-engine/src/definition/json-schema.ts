import { z } from 'zod';
import { processDocumentSchema } from './document.js';

/** The JSON Schema (2020-12) of the format as people write it, for editors. */
export function definitionJsonSchema(): Record<string, unknown> {
  return { title: 'orderlines process', ...z.toJSONSchema(processDocumentSchema, { io: 'input' }) };
}
