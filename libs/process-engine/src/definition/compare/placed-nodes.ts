import type { JsonObject } from '@orderlines/contracts';
import type { NodeDocument, ProcessDocument } from '../document.js';
import { flowsOf } from '../validation/walk.js';

/** A node with the flow it stands in. */
export interface PlacedNode {
  readonly node: NodeDocument;
  /** Tells two nodes with the same id apart, which a draft may have. */
  readonly key: string;
  /** As flows are called when a process is compiled: `flow`, `setup`, `deploy/flow`, `deploy/branches/a`. */
  readonly flow: string;
  readonly index: number;
}

/** Every node of a process by key, outer ones before inner ones. */
export function placedNodes(document: ProcessDocument): ReadonlyMap<string, PlacedNode> {
  const found = new Map<string, PlacedNode>();
  const seen = new Map<string, number>();
  const owners = new Map<readonly NodeDocument[], string>(sectionsOf(document).map(([section, nodes]) => [nodes, section]));
  for (const { nodes } of flowsOf(document)) {
    const flow = owners.get(nodes) ?? '';
    nodes.forEach((node, index) => {
      const times = (seen.get(node.id) ?? 0) + 1;
      seen.set(node.id, times);
      const key = times === 1 ? node.id : `${node.id} ${times}`;
      found.set(key, { node, key, flow, index });
      for (const [section, inner] of sectionsOf(node)) owners.set(inner, `${key}/${section}`);
    });
  }
  return found;
}

/** The object without what stands in its flows: of each only that there is one. */
export function withoutFlows(owner: NodeDocument | ProcessDocument): JsonObject {
  const flows = new Set<unknown>(sectionsOf(owner).map(([, nodes]) => nodes));
  const isFlow = (value: unknown): boolean => flows.has(value);
  const emptied = Object.entries(owner).map(([key, value]) => {
    if (isFlow(value)) return [key, []];
    if (key !== 'branches') return [key, value];
    return [key, Object.fromEntries(Object.keys(value as object).map((name) => [name, []]))];
  });
  return Object.fromEntries(emptied) as JsonObject;
}

/** The lists of nodes that something consists of, by the name of their place in it. */
function sectionsOf(owner: NodeDocument | ProcessDocument): [string, readonly NodeDocument[]][] {
  const lists: readonly (readonly [string, readonly NodeDocument[] | undefined])[] = [
    ['setup', 'setup' in owner ? owner.setup : undefined],
    ['flow', 'flow' in owner ? owner.flow : 'nodes' in owner ? owner.nodes : undefined],
    ['teardown', 'teardown' in owner ? owner.teardown : undefined],
    ...('branches' in owner ? Object.entries(owner.branches).map(([name, nodes]) => [`branches/${name}`, nodes] as const) : []),
  ];
  return lists.flatMap(([section, nodes]) => (nodes === undefined ? [] : [[section, nodes] as [string, readonly NodeDocument[]]]));
}
