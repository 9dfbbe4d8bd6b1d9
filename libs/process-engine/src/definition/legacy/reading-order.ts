/** Where a flow begins and which nodes follow which. */
export interface FlowGraph {
  readonly entry: string | undefined;
  /** All nodes that can come directly after a node, in the order of preference. */
  followers(id: string): readonly string[];
}

/**
 * The nodes of a flow in an order that reads well: every node after those that lead to it, loops aside, and the first way
 * out of a gateway before the second. Nodes that cannot be reached are not in it.
 */
export function orderOf(graph: FlowGraph): string[] {
  if (graph.entry === undefined) return [];
  const finished: string[] = [];
  const seen = new Set([graph.entry]);
  const stack = [{ id: graph.entry, waiting: [...graph.followers(graph.entry)] }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.waiting.pop();
    if (next === undefined) {
      finished.push(top.id);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      stack.push({ id: next, waiting: [...graph.followers(next)] });
    }
  }
  return finished.reverse();
}
