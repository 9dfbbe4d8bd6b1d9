import type { ValuePath } from '../../variables/parse-template.js';
import type { ForeachDocument, NodeDocument, ProcessDocument } from '../document.js';

/** A flow with its place and its depth: 1 for the flows of the process. */
export interface FlowPlace {
  readonly path: ValuePath;
  readonly depth: number;
  readonly nodes: readonly NodeDocument[];
  /** True for the nodes of a dag: they need each other instead of following each other. */
  readonly isGraph: boolean;
  /** What its nodes see of their surroundings. */
  readonly inside: Inside;
}

/** The surroundings of a flow that decide what its expressions see. */
export interface Inside {
  /** Every `foreach` around it, outer ones first. */
  readonly foreachs: readonly ForeachDocument[];
  /** Some flow around it, or itself, is a teardown. */
  readonly isTeardown: boolean;
}

/** A node with its place. */
export interface NodePlace {
  readonly path: ValuePath;
  readonly node: NodeDocument;
  readonly inside: Inside;
}

/** Outside every container. */
export const OUTSIDE: Inside = { foreachs: [], isTeardown: false };

/** Every flow of a process, outer ones before inner ones. */
export function flowsOf(document: ProcessDocument): FlowPlace[] {
  const found: FlowPlace[] = [];
  const open = sections(document, [], 1, OUTSIDE, document.type === 'dag');
  for (let next = 0; next < open.length; next += 1) {
    const place = open[next] as FlowPlace;
    found.push(place);
    place.nodes.forEach((node, index) => open.push(...innerFlows(node, [...place.path, index], place.depth + 1, place.inside)));
  }
  return found;
}

/** Every node of a process. */
export function nodesOf(document: ProcessDocument): NodePlace[] {
  return flowsOf(document).flatMap(({ path, nodes, inside }) => nodes.map((node, index) => ({ path: [...path, index], node, inside })));
}

function innerFlows(node: NodeDocument, path: ValuePath, depth: number, inside: Inside): FlowPlace[] {
  switch (node.type) {
    case 'group':
      return sections(node, path, depth, inside, false);
    case 'parallel':
      return Object.entries(node.branches).map(([name, nodes]) => {
        return { path: [...path, 'branches', name], depth, nodes, isGraph: false, inside };
      });
    case 'dag':
      return [{ path: [...path, 'nodes'], depth, nodes: node.nodes, isGraph: true, inside }];
    case 'foreach':
      return [{ path: [...path, 'flow'], depth, nodes: node.flow, isGraph: false, inside: within(node, inside) }];
    default:
      return [];
  }
}

/** The surroundings of what stands in an item of a foreach. */
export const within = (node: ForeachDocument, inside: Inside): Inside => ({ ...inside, foreachs: [...inside.foreachs, node] });

interface Sections {
  readonly setup?: NodeDocument[] | undefined;
  readonly flow: NodeDocument[];
  readonly teardown?: NodeDocument[] | undefined;
}

function sections(container: Sections, path: ValuePath, depth: number, inside: Inside, isGraph: boolean): FlowPlace[] {
  return (['setup', 'flow', 'teardown'] as const).flatMap((section) => {
    const nodes = container[section];
    if (nodes === undefined) return [];
    const isTeardown = inside.isTeardown || section === 'teardown';
    return [{ path: [...path, section], depth, nodes, isGraph: isGraph && section === 'flow', inside: { ...inside, isTeardown } }];
  });
}
