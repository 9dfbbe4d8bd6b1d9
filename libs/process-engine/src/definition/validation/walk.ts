import type { ValuePath } from '../../variables/parse-template.js';
import type { NodeDocument, ProcessDocument } from '../document.js';

/** A flow with its place and its depth: 1 for the flows of the process. */
export interface FlowPlace {
  readonly path: ValuePath;
  readonly depth: number;
  readonly nodes: readonly NodeDocument[];
}

/** A node with its place. */
export interface NodePlace {
  readonly path: ValuePath;
  readonly node: NodeDocument;
}

/** Every flow of a process, outer ones before inner ones. */
export function flowsOf(document: ProcessDocument): FlowPlace[] {
  const found: FlowPlace[] = [];
  const open: FlowPlace[] = sections(document, [], 1);
  for (let place = open.shift(); place !== undefined; place = open.shift()) {
    found.push(place);
    const { path, depth, nodes } = place;
    nodes.forEach((node, index) => {
      if (node.type === 'group') open.push(...sections(node, [...path, index], depth + 1));
      if (node.type === 'parallel') {
        for (const [name, branch] of Object.entries(node.branches)) {
          open.push({ path: [...path, index, 'branches', name], depth: depth + 1, nodes: branch });
        }
      }
    });
  }
  return found;
}

/** Every node of a process. */
export function nodesOf(document: ProcessDocument): NodePlace[] {
  return flowsOf(document).flatMap(({ path, nodes }) => nodes.map((node, index) => ({ path: [...path, index], node })));
}

interface Sections {
  readonly setup?: NodeDocument[] | undefined;
  readonly flow: NodeDocument[];
  readonly teardown?: NodeDocument[] | undefined;
}

function sections(container: Sections, path: ValuePath, depth: number): FlowPlace[] {
  return (['setup', 'flow', 'teardown'] as const).flatMap((section) => {
    const nodes = container[section];
    return nodes === undefined ? [] : [{ path: [...path, section], depth, nodes }];
  });
}
