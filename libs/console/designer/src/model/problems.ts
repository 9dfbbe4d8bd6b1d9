import type { Problem } from '@orderlines/contracts';
import { pathFromText, type ProcessDocument } from '@orderlines/process-engine';

/** Problems by the innermost node they are in; those of the process itself under the empty id. */
export function problemsByNode(document: ProcessDocument, problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  return Map.groupBy(problems, ({ path }) => nodeAtPath(document, path));
}

/** Id of the innermost node that a path of the document goes through; empty when it goes through none. */
export function nodeAtPath(document: ProcessDocument, path: string): string {
  let id = '';
  let value: unknown = document;
  for (const step of pathFromText(path)) {
    if (typeof value !== 'object' || value === null) break;
    value = (value as Record<string | number, unknown>)[step];
    if (typeof step === 'number' && isNode(value)) ({ id } = value);
  }
  return id;
}

const isNode = (value: unknown): value is { readonly id: string } =>
  typeof value === 'object' && value !== null && 'type' in value && 'id' in value && typeof value.id === 'string';
