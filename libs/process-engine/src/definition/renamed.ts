import { parseDocument } from 'yaml';
import type { ProcessDocument } from './document.js';
import { exportYaml } from './export-yaml.js';

/** Who a definition is to be. */
export interface ProcessName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The text of a definition under another name: YAML keeps its comments, JSON stays JSON. Of the older format, which has no namespaces,
 * and of what cannot be read, the YAML of the document comes back.
 */
export const renamedSource = (
  { source, sourceFormat, document }: { readonly source: string; readonly sourceFormat: string; readonly document: ProcessDocument },
  { namespace, name }: ProcessName,
): { readonly content: string; readonly format: 'yaml' | 'json' } => {
  if (sourceFormat === 'json') return { content: `${JSON.stringify({ ...document, namespace, name }, null, 2)}\n`, format: 'json' };
  const text = parseDocument(source);
  if (sourceFormat !== 'yaml' || text.errors.length > 0) return { content: exportYaml({ ...document, namespace, name }), format: 'yaml' };
  text.set('namespace', namespace);
  text.set('name', name);
  return { content: text.toString({ lineWidth: 0 }), format: 'yaml' };
};
