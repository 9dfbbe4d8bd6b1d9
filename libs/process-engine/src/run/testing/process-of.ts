import { parse } from 'yaml';
import { compile } from '../../definition/compile.js';
import { processDocumentSchema } from '../../definition/document.js';
import type { CompiledProcess } from '../../definition/compiled.js';

/** A compiled process from a YAML text that may leave out `apiVersion`, `kind` and `name`. */
export function processOf(yaml: string): CompiledProcess {
  const document: unknown = parse(yaml);
  return compile(processDocumentSchema.parse({ apiVersion: 'orderlines/v1', kind: 'Process', name: 'test', ...(document as object) }));
}
