import type { Json } from '@orderlines/contracts';
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import type { ValuePath } from '../variables/parse-template.js';

/** A place in a text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text that has been read, and where everything in it stands. */
export interface Source {
  readonly value: Json;
  /** Where the value at a path begins; of what is missing, where its nearest container begins. */
  positionOf(path: ValuePath): Position;
  /** Where the key at a path begins. */
  positionOfKey(path: ValuePath): Position;
  /** Where a character of the text at a path stands; `${{` openings are found again however the text was quoted. */
  positionIn(path: ValuePath, offset: number): Position;
  /** The value at a path as it was typed, for advice on quoting; undefined for maps and lists. */
  typed(path: ValuePath): string | undefined;
}

/** Source over a YAML (or JSON) document. */
export class YamlSource implements Source {
  private readonly pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair<Node, Node | null>>>();

  constructor(
    readonly value: Json,
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly text: string,
  ) {}

  positionOf(path: ValuePath): Position {
    return this.at(this.find(path).node);
  }

  positionOfKey(path: ValuePath): Position {
    const { node, key } = this.find(path);
    return this.at(key ?? node);
  }

  positionIn(path: ValuePath, offset: number): Position {
    const { node } = this.find(path);
    const range = node?.range;
    if (!isScalar(node) || typeof node.value !== 'string' || !range) return this.at(node);
    const raw = this.text.slice(range[0], range[1]);
    const opening = node.value.lastIndexOf('${{', offset);
    if (opening === -1) return this.at(node);
    const occurrence = node.value.slice(0, opening).split('${{').length - 1;
    const found = nthIndexOf(raw, '${{', occurrence);
    return found === -1 ? this.at(node) : this.place(range[0] + found + (offset - opening));
  }

  typed(path: ValuePath): string | undefined {
    const { node } = this.find(path);
    return isScalar(node) ? node.source : undefined;
  }

  private find(path: ValuePath): { readonly node: Node | null; readonly key?: Node } {
    let node = this.resolved(this.document.contents);
    let key: Node | undefined;
    for (const step of path) {
      const next = this.child(node, step);
      if (next === undefined) return { node, ...(key && { key }) };
      key = next.key;
      node = next.node;
    }
    return { node, ...(key && { key }) };
  }

  private child(node: Node | null, step: string | number): { readonly node: Node | null; readonly key?: Node } | undefined {
    if (isSeq(node)) {
      const item = node.items[Number(step)];
      return item === undefined ? undefined : { node: this.resolved(item as Node) };
    }
    if (!isMap(node)) return undefined;
    const pair = this.pairsOf(node).get(String(step));
    if (pair === undefined) return undefined;
    // `key:` without a value has no place of its own.
    const isEmpty = pair.value === null || (isScalar(pair.value) && pair.value.source === '' && pair.value.value === null);
    return { node: this.resolved(isEmpty ? pair.key : pair.value), key: pair.key };
  }

  /** Pairs by key: a process with ten thousand branches is asked for each of them. */
  private pairsOf(map: YAMLMap): ReadonlyMap<string, Pair<Node, Node | null>> {
    const known = this.pairs.get(map);
    if (known !== undefined) return known;
    const made = new Map<string, Pair<Node, Node | null>>();
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      if (isScalar(pair.key) && !made.has(String(pair.key.value))) made.set(String(pair.key.value), pair);
    }
    this.pairs.set(map, made);
    return made;
  }

  private resolved(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.document) ?? node) : node;
  }

  private at(node: Node | null): Position {
    return this.place(node?.range?.[0] ?? 0);
  }

  private place(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** Path of a problem, as people read it: `flow[2].with.command`. */
export function pathText(path: ValuePath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\p{L}_][\p{L}\p{M}\p{N}_-]*$/u.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/** The path that {@link pathText} wrote. */
export function pathFromText(text: string): ValuePath {
  return [...text.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/gu)].map(([, index, quoted, plain]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(`"${quoted}"`) as string) : (plain ?? ''),
  );
}

function nthIndexOf(text: string, part: string, occurrence: number): number {
  let found = text.indexOf(part);
  for (let count = 0; count < occurrence && found !== -1; count += 1) found = text.indexOf(part, found + part.length);
  return found;
}
