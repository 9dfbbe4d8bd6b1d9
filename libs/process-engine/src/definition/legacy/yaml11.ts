import { isLegacy } from './source.js';
import type { DocumentOptions, ParseOptions, SchemaOptions, ScalarTag, Tags } from 'yaml';

const tag = (name: string): string => `tag:yaml.org,2002:${name}`;

/** PyYAML leaves single letters alone, unlike the YAML 1.1 specification. */
const pythonBooleans: ScalarTag[] = [
  { tag: tag('bool'), default: true, test: /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, resolve: () => true },
  { tag: tag('bool'), default: true, test: /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, resolve: () => false },
];

/** PyYAML wants a dot and a signed exponent: `1e3` is text, `1.0e+3` a number. */
const pythonExponent: ScalarTag = {
  tag: tag('float'),
  default: true,
  test: /^[-+]?(?:[0-9][0-9_]*)\.[0-9_]*[eE][-+][0-9]+$/,
  resolve: (text) => Number.parseFloat(text.replaceAll('_', '')),
};

/** Dates stay text: the older product kept its definitions as JSON, which has none. */
const replaced = new Set([tag('bool'), tag('timestamp')]);

const asPyYaml = (tags: Tags): Tags => [
  ...tags.filter((known) => typeof known === 'string' || !(replaced.has(known.tag) || ('format' in known && known.format === 'EXP'))),
  ...pythonBooleans,
  pythonExponent,
];

/** Options for the `yaml` package that read a text as PyYAML's safe loader did: `on` and `yes` are booleans, `010` is eight. */
export const LEGACY_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  schema: 'yaml-1.1',
  merge: true,
  resolveKnownTags: false,
  customTags: asPyYaml,
};

const blockKey = /^(["']?)(?:process_info|task_nodes|process_node|node_list)\1[ \t]*:/m;
const currentBlockKey = /^(["']?)apiVersion\1[ \t]*:/m;
/** A text that begins with a map in braces, whatever comments and marks stand before it. */
const flowMap = /^(?:\s|#.*\n|---(?=\s))*\{/;
const flowKey = /["']?\b(?:process_info|task_nodes|process_node|node_list)\b["']?\s*:/;
const currentFlowKey = /\bapiVersion\b["']?\s*:/;

/** True when a text is to be read with {@link LEGACY_YAML}: it has a key of the older format at its top and no `apiVersion`. */
export function looksLegacy(text: string): boolean {
  if (!flowMap.test(text)) return blockKey.test(text) && !currentBlockKey.test(text);
  try {
    return isLegacy(JSON.parse(text));
  } catch {
    return flowKey.test(text) && !currentFlowKey.test(text);
  }
}
