import type { Json } from '@orderlines/contracts';
import { readTemplate, type NodeDocument, type ProcessDocument } from '@orderlines/process-engine';
import { changeFlows, idsIn } from './flows.js';
import { placesRenamed } from './drawing.js';
import { redirected } from './order.js';
import { refuse, type Edited } from './refusal.js';

/** What an expression can name of the process. */
export type NamedRoot = 'tasks' | 'vars' | 'params';

/** A process whose node has another id; jumps, needs, expressions and the drawing follow. */
export function renameNode(document: ProcessDocument, id: string, to: string): Edited<ProcessDocument> {
  if (id === to) return document;
  const ids = idsIn(document);
  if (!ids.has(id)) return refuse('no-such-node');
  if (ids.has(to)) return refuse('id-taken');
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(to) || to === '__proto__') return refuse('id-invalid');
  const renamed = changeFlows(document, ({ nodes }) => renamedIn(nodes, new Map([[id, to]])));
  return placesRenamed(withReferences(renamed, 'tasks', new Map([[id, to]])), new Map([[id, to]]));
}

/** A flow whose nodes have other ids; jumps and needs among them follow. */
export function renamedIn(nodes: readonly NodeDocument[], names: ReadonlyMap<string, string>): readonly NodeDocument[] {
  const touched = (node: NodeDocument): boolean => names.has(node.id) || (node.needs ?? []).some((needed) => names.has(needed));
  const siblings = nodes.filter(({ id }) => names.has(id)).length > 0;
  if (!siblings) return nodes;
  const named = nodes.map((node) => (touched(node) ? { ...node, id: names.get(node.id) ?? node.id, ...needsOf(node, names) } : node));
  return redirected(named, (target) => names.get(target) ?? target);
}

const needsOf = (node: NodeDocument, names: ReadonlyMap<string, string>): Pick<NodeDocument, 'needs'> =>
  node.needs === undefined ? {} : { needs: node.needs.map((needed) => names.get(needed) ?? needed) };

/** A param or variable renamed, in its declaration and wherever an expression or a `set` names it. */
export function renameValue(document: ProcessDocument, root: 'vars' | 'params', from: string, to: string): Edited<ProcessDocument> {
  const key = root === 'vars' ? 'variables' : 'params';
  const declared: readonly { readonly name: string }[] = document[key] ?? [];
  if (from === to) return document;
  if (declared.some(({ name }) => name === to)) return refuse('name-taken');
  const others = declared.map((one) => (one.name === from ? { ...one, name: to } : one));
  const renamed = withReferences({ ...document, [key]: others }, root, new Map([[from, to]]));
  if (root === 'params') return renamed;
  return changeFlows(renamed, ({ nodes }) => {
    const written = nodes.map((node) =>
      node.set !== undefined && from in node.set ? { ...node, set: keyRenamed(node.set, from, to) } : node,
    );
    return written.some((node, index) => node !== nodes[index]) ? written : nodes;
  });
}

const keyRenamed = (set: Readonly<Record<string, Json>>, from: string, to: string): Record<string, Json> =>
  Object.fromEntries(Object.entries(set).map(([name, value]) => [name === from ? to : name, value]));

/** Any part of a definition with the names in its expressions changed; what names none stays the same object. */
export function withReferences<Part>(part: Part, root: NamedRoot, names: ReadonlyMap<string, string>): Part {
  return rewritten(part as unknown as Json, root, names) as unknown as Part;
}

function rewritten(value: Json, root: NamedRoot, names: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return value.includes('${{') ? textWith(value, root, names) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => rewritten(item, root, names));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, rewritten(item as Json, root, names)] as const);
  return entries.some(([key, item]) => item !== value[key]) ? (Object.fromEntries(entries) as Json) : value;
}

/** From the last expression to the first, so that offsets stay true. */
function textWith(text: string, root: NamedRoot, names: ReadonlyMap<string, string>): string {
  const places = readTemplate(text).expressions.flatMap(({ expression, offset }) =>
    expression.uses.flatMap((use) => {
      const to = use.root === root && use.name !== undefined ? names.get(use.name) : undefined;
      return to === undefined ? [] : [{ at: offset + use.offset, to }];
    }),
  );
  return places.sort((one, other) => other.at - one.at).reduce((result, { at, to }) => readAt(result, at, root, to), text);
}

/** Rewrites `root.name`, `root.?name`, `root['name']` or `root[?"name"]` that begins at a character. */
function readAt(text: string, at: number, root: NamedRoot, to: string): string {
  const found = /^(\s*)(?:(\.\s*\??\s*)([A-Za-z_]\w*)|(\[\s*\??\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(\s*\]))/.exec(
    text.slice(at + root.length),
  );
  if (found === null) return text;
  const [whole, space = '', dot, , bracket] = found;
  const isPlain = /^[A-Za-z_]\w*$/.test(to);
  const asks = (dot ?? bracket ?? '').includes('?') ? '?' : '';
  const read = isPlain && dot !== undefined ? `.${asks}${to}` : `[${asks}'${to}']`;
  return `${text.slice(0, at + root.length)}${space}${read}${text.slice(at + root.length + whole.length)}`;
}
