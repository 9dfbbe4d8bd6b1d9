import { pathText } from '../source.js';
import type { Path, Report } from './report.js';
import { judgedIn, type LinkedNode } from './nodes.js';

const VALID_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** `next: end` ends a flow; a node of that name must mean the same. */
const isKept = (node: LinkedNode): boolean => VALID_ID.test(node.id) && (node.id !== 'end' || node.kind === 'end');
const VALID_NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_]{0,127}$/u;

/** A name that is not yet taken, made from a wish by adding a number. */
export function freeName(wish: string, taken: ReadonlySet<string>, longest = 64): string {
  if (!taken.has(wish)) return wish;
  for (let number = 2; ; number += 1) {
    const suffix = `_${number}`;
    const name = `${wish.slice(0, longest - suffix.length)}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

function readableId(id: string, number: number): string {
  if (id === 'end') return 'end_node';
  const cleaned = id
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64);
  return /[A-Za-z0-9]/.test(cleaned) ? cleaned : `node_${number}`;
}

/** Node ids as the new format writes them: kept where they may be, rewritten where they must. */
export class Identifiers {
  private readonly written = new Map<string, string>();
  private readonly taken = new Set<string>();

  constructor(nodes: ReadonlyMap<string, LinkedNode>, report: Report) {
    for (const node of nodes.values()) if (isKept(node)) this.written.set(node.id, this.claim(node.id));
    const rewritten = [...nodes.values()].filter((node) => !this.written.has(node.id));
    const places = placesOf(new Set(rewritten.map((node) => node.id)), nodes);
    const numbers = new Map([...nodes.keys()].map((id, index) => [id, index + 1]));
    for (const node of rewritten) {
      const id = this.claim(readableId(node.id, numbers.get(node.id) ?? 0));
      this.written.set(node.id, id);
      const named = (places.get(node.id) ?? []).map(pathText).join(', ');
      const also = named === '' ? '' : `; so are ${named}`;
      report.note(`The id \`${node.id}\` is written \`${id}\` (${pathText([...node.source.path, 'task_id'])}${also}).`);
    }
  }

  /** The id of a node in the new document. */
  of(legacyId: string): string {
    return this.written.get(legacyId) ?? legacyId;
  }

  /** Takes an id for a node that the older document did not have. */
  claim(wish: string): string {
    const id = freeName(wish, this.taken);
    this.taken.add(id);
    return id;
  }
}

/** Everywhere these ids are written except at the nodes themselves. */
function placesOf(ids: ReadonlySet<string>, nodes: ReadonlyMap<string, LinkedNode>): Map<string, Path[]> {
  const places = new Map<string, Path[]>([...ids].map((id) => [id, []]));
  for (const node of nodes.values()) {
    for (const link of [...node.previous, ...node.next, ...node.members]) places.get(link.id)?.push(link.path);
    for (const branch of node.branches) {
      if (branch.target !== undefined) places.get(branch.target.id)?.push(branch.target.path);
      branch.items.forEach((item, index) => {
        for (const { key, id } of judgedIn(item)) places.get(id)?.push([...branch.path, 'condition', index, key]);
      });
    }
  }
  return places;
}

/** The name of a variable as the new format allows it. */
export function variableName(name: string, taken: ReadonlySet<string>): string {
  if (VALID_NAME.test(name)) return name;
  const cleaned = name.replaceAll(/[^\p{L}\p{M}\p{N}_]+/gu, '_').slice(0, 127);
  return freeName(/^[\p{L}_]/u.test(cleaned) ? cleaned : `_${cleaned}`.slice(0, 128), taken, 128);
}
