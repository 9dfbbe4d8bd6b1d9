import type { Json } from '@orderlines/contracts';
import { stringify } from 'yaml';
import { isMap } from '../variables/value.js';
import type { ProcessDocument } from './document.js';

/** The document as YAML that reads back to the same document. */
export function exportYaml(document: ProcessDocument): string {
  return stringify(withoutDefaults(document as unknown as Json), {
    version: '1.2',
    lineWidth: 0,
    aliasDuplicateObjects: false,
    // YAML 1.1 tools read `on`, `yes` and the like as booleans: what they could mistake is quoted.
    compat: 'yaml-1.1',
    singleQuote: true,
  });
}

/** `type: task` is what a node without a type is. */
function withoutDefaults(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isMap(value)) return value;
  const isTask = value['type'] === 'task' && 'id' in value && 'uses' in value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      isTask && key === 'type' ? [] : [[key, key === 'with' ? (item as Json) : withoutDefaults(item as Json)]],
    ),
  );
}
