import { closest } from '../../variables/closest.js';
import type { NodeDocument } from '../document.js';
import { jumpsOf } from '../flow-graph.js';
import type { Report } from './report.js';
import type { FlowPlace } from './walk.js';

/** The nodes of a dag: what they need is there, nobody needs himself in the end, and nothing jumps. */
export function checkGraph(place: FlowPlace, report: Report): void {
  const { path, nodes } = place;
  const ids = new Set(nodes.map((node) => node.id));
  nodes.forEach((node, index) => {
    const at = [...path, index];
    node.needs?.forEach((needed, position) => {
      if (ids.has(needed)) return;
      const suggestion = closest(needed, ids);
      const advice = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`;
      const place = [...at, 'needs', position];
      report.error(place, 'unknown-node', `there is no node \`${needed}\` in this dag${advice}`);
    });
    refuseJumps(node, at, report);
  });
  for (const cycle of cyclesOf(nodes)) {
    const [first = '', second = ''] = cycle;
    const index = nodes.findIndex((node) => node.id === first);
    const position = nodes[index]?.needs?.indexOf(second) ?? 0;
    const message = `these nodes need each other, so none of them could start: ${cycle.map((id) => `\`${id}\``).join(' needs ')}`;
    const place = [...path, index, 'needs', position];
    report.error(place, 'cycle', message);
  }
}

/** Keys that mean something in a dag only. */
export function refuseGraphKeys({ path, nodes }: FlowPlace, report: Report): void {
  nodes.forEach((node, index) => {
    for (const key of ['needs', 'when', 'trigger'] as const) {
      if (node[key] === undefined) continue;
      const instead = key === 'when' ? 'decide by a switch, or by `disabled`' : 'nodes of a flow follow each other in list order';
      report.keyError([...path, index, key], 'only-in-dag', `\`${key}\` of \`${node.id}\` is for nodes of a dag; ${instead}`);
    }
  });
}

function refuseJumps(node: NodeDocument, path: FlowPlace['path'], report: Report): void {
  if (node.type === 'switch' || node.type === 'end') {
    const instead = node.type === 'switch' ? 'write `when` at the nodes it decides about' : 'a dag ends when all its nodes have';
    const message = `a dag has no \`${node.type}\`; ${instead}, or put a group with its own flow here`;
    return report.error([...path, 'type'], 'jump-in-dag', message);
  }
  for (const jump of jumpsOf(node)) {
    const message = `nodes of a dag do not jump, they start by their \`needs\`; put \`${node.id}\` into a group if it is to go on elsewhere`;
    report.keyError([...path, ...jump.path], 'jump-in-dag', message);
  }
}

/** One circle for each set of nodes that need each other, as ids from a node back to itself. */
function cyclesOf(nodes: readonly NodeDocument[]): string[][] {
  const needsOf = new Map(nodes.map((node) => [node.id, node.needs ?? []]));
  const done = new Set<string>();
  const found: string[][] = [];
  for (const { id } of nodes) {
    const way: { readonly id: string; next: number }[] = [];
    const onWay = new Map<string, number>();
    const enter = (node: string): void => {
      onWay.set(node, way.length);
      way.push({ id: node, next: 0 });
    };
    if (!done.has(id)) enter(id);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const needed = needsOf.get(step.id)?.[step.next++];
      if (needed === undefined) {
        way.pop();
        onWay.delete(step.id);
        done.add(step.id);
        continue;
      }
      const start = onWay.get(needed);
      if (start !== undefined) found.push([...way.slice(start).map((on) => on.id), needed]);
      else if (!done.has(needed) && needsOf.has(needed)) enter(needed);
    }
  }
  return found;
}
