import { END, runsOn, targetOf, type NodeDocument } from '@orderlines/process-engine';
import { carriesNext, portsOf, withTarget, writtenTarget } from './ways.js';

/** Where each node of a list goes on when it succeeds: an id, or null for the end. What decides itself is left out. */
export function continuationsOf(nodes: readonly NodeDocument[]): ReadonlyMap<string, string | null> {
  const siblings = new Set(nodes.map(({ id }) => id));
  return new Map(
    nodes.flatMap((node, index): [string, string | null][] => {
      const written = writtenTarget(node, 'next');
      if (written !== undefined) return [[node.id, targetOf(written, siblings)]];
      return runsOn(node) ? [[node.id, nodes[index + 1]?.id ?? null]] : [];
    }),
  );
}

/** The list with `next` written or left out so that every node goes on where it is wanted to. */
export function goingOn(nodes: readonly NodeDocument[], wanted: ReadonlyMap<string, string | null>): readonly NodeDocument[] {
  const siblings = new Set(nodes.map(({ id }) => id));
  return nodes.map((node, index) => {
    const to = wanted.get(node.id);
    if (to === undefined || !carriesNext(node)) return node;
    const following = nodes[index + 1]?.id ?? null;
    const written = writtenTarget(node, 'next');
    if (written !== undefined && targetOf(written, siblings) === to && following !== to) return node;
    if (following === to) return withTarget(node, 'next', undefined);
    // Where a node is called `end`, the end of the flow has no name: the list is all there is.
    return to === null && siblings.has(END) ? node : withTarget(node, 'next', to);
  });
}

/** A list with the jumps of its nodes led elsewhere; undefined takes a jump away, null leads to the end. */
export function redirected(
  nodes: readonly NodeDocument[],
  redirect: (target: string, node: NodeDocument) => string | null | undefined,
): readonly NodeDocument[] {
  return nodes.map((node) =>
    portsOf(node, false).reduce((result, port) => {
      const target = writtenTarget(result, port);
      if (target === undefined) return result;
      const to = redirect(target, node);
      return to === target || (to === null && target === END) ? result : withTarget(result, port, to);
    }, node),
  );
}

/** A list in another order whose nodes go on where they went on before. */
export function reordered(nodes: readonly NodeDocument[], order: readonly NodeDocument[]): readonly NodeDocument[] {
  return goingOn(order, continuationsOf(nodes));
}

/** A node of a list moved by some places; the order is the flow, so what follows changes with it. */
export function movedInList(nodes: readonly NodeDocument[], id: string, by: number): readonly NodeDocument[] {
  const index = nodes.findIndex((node) => node.id === id);
  const target = Math.min(nodes.length - 1, Math.max(0, index + by));
  const node = nodes[index];
  return node === undefined || target === index ? nodes : nodes.toSpliced(index, 1).toSpliced(target, 0, node);
}
