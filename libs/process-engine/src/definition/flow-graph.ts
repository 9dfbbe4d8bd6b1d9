import type { NodeDocument } from './document.js';

/** What `next` says for the end of a flow. */
export const END = 'end';

/** What an approval says when being rejected or coming to its deadline fails it; no node is meant, even one of that id. */
export const FAIL = 'fail';

/** The node a jump leads to, or null for the end of the flow; a node called `end` is a node like any other. */
export function targetOf(target: string, siblings: ReadonlySet<string>): string | null {
  return target === END && !siblings.has(END) ? null : target;
}

/** Jumps that a node writes down, each with the path of the key inside the node. */
export function jumpsOf(node: NodeDocument): { readonly target: string; readonly path: readonly (string | number)[] }[] {
  const jumps: { target: string; path: (string | number)[] }[] = [];
  if ('next' in node && node.next !== undefined) jumps.push({ target: node.next, path: ['next'] });
  if (node.type === 'switch') {
    node.cases.forEach((way, index) => jumps.push({ target: way.next, path: ['cases', index, 'next'] }));
    if (node.default !== undefined) jumps.push({ target: node.default, path: ['default'] });
  }
  if (node.type === 'approval') {
    for (const key of ['onReject', 'onDeadline'] as const) {
      const target = node[key];
      if (target !== undefined && target !== FAIL) jumps.push({ target, path: [key] });
    }
  }
  if (typeof node.onError === 'object') jumps.push({ target: node.onError.goto, path: ['onError', 'goto'] });
  return jumps;
}

/** True when the node after this one in the list can be reached without a jump. */
export function runsOn(node: NodeDocument): boolean {
  if ('next' in node && node.next !== undefined) return false;
  const decides = node.type === 'end' || node.type === 'switch';
  // What is skipped decides nothing: the flow goes on.
  return !decides || (node.disabled ?? false) !== false || node.onError === 'ignore';
}

/** Ids of the nodes that can follow each node of a flow, jumps to other flows left out. */
export function successorsOf(nodes: readonly NodeDocument[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Set(nodes.map((node) => node.id));
  return new Map(
    nodes.map((node, index) => {
      const following = runsOn(node) ? nodes[index + 1]?.id : undefined;
      const targets = [following, ...jumpsOf(node).map((jump) => jump.target)];
      return [node.id, targets.filter((target): target is string => target !== undefined && ids.has(target))];
    }),
  );
}

/** Nodes of a flow that can be reached again from themselves (Tarjan's strongly connected components, without recursion). */
export function nodesInCycles(nodes: readonly NodeDocument[]): ReadonlySet<string> {
  const successors = successorsOf(nodes);
  const found = new Set<string>();
  const order = new Map<string, { number: number; low: number }>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  for (const root of successors.keys()) {
    if (order.has(root)) continue;
    const walk: { readonly id: string; next: number }[] = [];
    const enter = (id: string): void => {
      order.set(id, { number: order.size, low: order.size });
      open.push(id);
      isOpen.add(id);
      walk.push({ id, next: 0 });
    };
    enter(root);
    for (let step = walk.at(-1); step !== undefined; step = walk.at(-1)) {
      const mine = order.get(step.id) ?? { number: 0, low: 0 };
      const successor = successors.get(step.id)?.[step.next];
      if (successor !== undefined) {
        step.next += 1;
        const known = order.get(successor);
        if (known === undefined) enter(successor);
        else if (isOpen.has(successor)) mine.low = Math.min(mine.low, known.number);
        if (successor === step.id) found.add(step.id);
        continue;
      }
      walk.pop();
      const parent = walk.at(-1);
      const above = parent && order.get(parent.id);
      if (above) above.low = Math.min(above.low, mine.low);
      if (mine.low !== mine.number) continue;
      const component = open.splice(open.lastIndexOf(step.id));
      for (const id of component) isOpen.delete(id);
      if (component.length > 1) for (const id of component) found.add(id);
    }
  }
  return found;
}
