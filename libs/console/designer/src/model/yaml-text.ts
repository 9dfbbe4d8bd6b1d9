import type { Json } from '@orderlines/contracts';
import { exportYaml, type ProcessDocument } from '@orderlines/process-engine';
import { isMap, isScalar, isSeq, parse, parseDocument, type Document, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { isSame } from './merge.js';

const WRITTEN = { version: '1.2', lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1', singleQuote: true } as const;

/** A document as YAML that keeps the comments, the order and the quoting of the text it was read from, where that still says the same. */
export function yamlText(document: ProcessDocument, written: string): string {
  const text = exportYaml(document);
  try {
    // Written by the engine and read again: without what goes without saying.
    const wanted = parse(text, { version: '1.2' }) as Json;
    const source = parseDocument(written, WRITTEN);
    if (source.errors.length > 0 || !isMap(source.contents) || hasAliases(written)) return text;
    const contents = brought(source, source.contents, wanted);
    const kept = contents === source.contents ? source.toString(WRITTEN) : text;
    return isSame(parse(kept, { version: '1.2' }), wanted) ? kept : text;
  } catch {
    return text;
  }
}

/** An alias is one node in several places: changing it in one would change the others. */
const hasAliases = (text: string): boolean => /(^|[\s[,{:])[*&][^\s,\]}]+/.test(text);

/** A node of the text that says the value wanted, changed as little as possible; another node where it is of another kind. */
function brought(source: Document, node: Node | null, wanted: Json): Node {
  if (isScalar(node) && isSame(node.value, wanted)) return node;
  if (isMap(node) && typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) return broughtMap(source, node, wanted);
  if (isSeq(node) && Array.isArray(wanted)) return broughtList(source, node, wanted);
  const made = source.createNode(wanted) as Node;
  if (node !== null) Object.assign(made, { comment: node.comment ?? null, commentBefore: node.commentBefore ?? null });
  return made;
}

function broughtMap(source: Document, map: YAMLMap, wanted: Readonly<Record<string, Json>>): Node {
  const pairs = map.items as Pair<Node, Node | null>[];
  const keyOf = ({ key }: Pair<Node, Node | null>): string => String(isScalar(key) ? key.value : key);
  const known = pairs.filter((pair) => keyOf(pair) in wanted);
  for (const pair of known) pair.value = brought(source, pair.value, wanted[keyOf(pair)] as Json);
  const names = new Set(known.map(keyOf));
  const added = Object.entries(wanted).filter(([key]) => !names.has(key));
  map.items = [...known, ...added.map(([key, value]) => source.createPair(key, value) as Pair<Node, Node | null>)];
  return map;
}

/** Items with an `id` or a `name` are found again by it, others by their place. */
function broughtList(source: Document, list: YAMLSeq, wanted: readonly Json[]): Node {
  const before = [...list.items] as Node[];
  const named = new Map(before.map((item) => [nameOf(item.toJSON() as Json), item]));
  list.items = wanted.map((value, index) => {
    const name = nameOf(value);
    return brought(source, (name === undefined ? before[index] : named.get(name)) ?? null, value);
  });
  return list;
}

function nameOf(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const name = value['id'] ?? value['name'];
  return typeof name === 'string' ? name : undefined;
}
