import { closest } from '../../variables/closest.js';
import { END, jumpsOf, runsOn, successorsOf, targetOf } from '../flow-graph.js';
import { pathText } from '../source.js';
import type { ValuePath } from '../../variables/parse-template.js';
import type { ForeachDocument, ProcessDocument } from '../document.js';
import { checkGraph, refuseGraphKeys } from './graphs.js';
import type { Report } from './report.js';
import { ROOTS } from './sites.js';
import { flowsOf, nodesOf, type FlowPlace } from './walk.js';

/** Containers in each other. */
export const MAX_NESTING = 16;
/** Nodes of a process. */
export const MAX_NODES = 10_000;

/** Ids, jumps, reachability and size. `standIns`: nodes whose way on is not known. */
export function checkFlows(document: ProcessDocument, standIns: ReadonlySet<string>, report: Report): void {
  const flows = flowsOf(document);
  checkSize(flows, report);
  const flowOf = checkIds(document, report);
  for (const place of flows) {
    if (place.isGraph) checkGraph(place, report);
    else {
      checkJumps(place, flowOf, report);
      checkReachable(place, standIns, report);
      warnOfRunningOn(place, report);
      refuseGraphKeys(place, report);
    }
    checkShapes(place, standIns, report);
  }
}

function checkSize(flows: readonly FlowPlace[], report: Report): void {
  const nodes = flows.reduce((total, flow) => total + flow.nodes.length, 0);
  if (nodes > MAX_NODES) report.error(['flow'], 'too-many-nodes', `a process has ${MAX_NODES} nodes at most, this one has ${nodes}`);
  for (const { path, depth } of flows) {
    if (depth === MAX_NESTING + 2) {
      report.error(path, 'nested-too-deeply', `containers are nested ${MAX_NESTING} deep at most; start another process instead`);
    }
  }
}

/** The flow (as path) that each id stands in. */
function checkIds(document: ProcessDocument, report: Report): ReadonlyMap<string, string> {
  const flowOf = new Map<string, string>();
  for (const { path, node } of nodesOf(document)) {
    const first = flowOf.get(node.id);
    if (first === undefined) flowOf.set(node.id, pathText(path.slice(0, -1)));
    else
      report.error(
        [...path, 'id'],
        'duplicate-id',
        `the id \`${node.id}\` is taken by a node in \`${first}\`; ids are unique in the process`,
      );
  }
  return flowOf;
}

function checkJumps({ path, nodes }: FlowPlace, flowOf: ReadonlyMap<string, string>, report: Report): void {
  const here = new Set(nodes.map((node) => node.id));
  nodes.forEach((node, index) => {
    for (const jump of jumpsOf(node)) {
      const target = targetOf(jump.target, here);
      if (target === null || here.has(target)) continue;
      const at = [...path, index, ...jump.path];
      const elsewhere = flowOf.get(target);
      if (elsewhere !== undefined) {
        report.error(
          at,
          'jump-out-of-flow',
          `\`${target}\` stands in another flow (\`${elsewhere}\`); a jump stays in its own, or goes to \`end\``,
        );
        continue;
      }
      report.error(at, 'unknown-node', () => {
        const suggestion = closest(target, [...here, END]);
        return `there is no node \`${target}\` in this flow${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`;
      });
    }
  });
}

function checkReachable({ path, nodes }: FlowPlace, standIns: ReadonlySet<string>, report: Report): void {
  const [first] = nodes;
  if (first === undefined || nodes.some((_, index) => standIns.has(pathText([...path, index])))) return;
  const successors = successorsOf(nodes);
  const reached = new Set([first.id]);
  const open = [first.id];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of successors.get(id) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  nodes.forEach((node, index) => {
    if (reached.has(node.id)) return;
    report.error(
      [...path, index],
      'unreachable',
      `nothing leads to \`${node.id}\`: the node before it jumps elsewhere and no jump names it`,
    );
  });
}

/** Two ways of a switch that stand one after the other: the first runs on into the second. */
function warnOfRunningOn({ path, nodes }: FlowPlace, report: Report): void {
  const indexOf = new Map(nodes.map((node, index) => [node.id, index]));
  const warned = new Set<number>();
  nodes.forEach((node, index) => {
    if (node.type !== 'switch') return;
    const ways = jumpsOf(node).map((jump) => indexOf.get(jump.target) ?? -1);
    for (const target of ways) {
      const before = nodes[target - 1];
      const fromOther = target - 1 > index && ways.some((way) => way > index && way < target);
      if (before === undefined || !fromOther || !runsOn(before) || warned.has(target)) continue;
      warned.add(target);
      report.warning(
        [...path, target - 1],
        'runs-on',
        `after \`${before.id}\` the flow runs on into \`${nodes[target]?.id ?? ''}\`, another way of \`${node.id}\`; write \`next\` to say where it goes`,
      );
    }
  });
}

/** What the schema cannot say about single nodes. */
function checkShapes({ path, nodes }: FlowPlace, standIns: ReadonlySet<string>, report: Report): void {
  nodes.forEach((node, index) => {
    const at = [...path, index];
    if (standIns.has(pathText(at))) return;
    if (node.type === 'delay' && (node.for === undefined) === (node.until === undefined)) {
      report.error(at, 'invalid-value', `\`${node.id}\` needs exactly one of \`for\` and \`until\``);
    }
    if (node.type === 'assign' && Object.keys(node.set ?? {}).length === 0) {
      report.error(at, 'missing-key', `\`${node.id}\` sets nothing; write \`set: { variable: value }\``);
    }
    if (node.type === 'foreach') checkItemName(node, at, report);
    if (node.type !== 'parallel') return;
    const branches = Object.keys(node.branches).length;
    if (branches === 0) report.error([...at, 'branches'], 'missing-key', `\`${node.id}\` has no branches`);
    if (typeof node.join === 'number' && node.join > branches) {
      report.error([...at, 'join'], 'invalid-value', `\`${node.id}\` waits for ${node.join} branches and has ${branches}`);
    }
  });
}

/** The name of an item would hide the root of the same name. */
function checkItemName({ id, as }: ForeachDocument, path: ValuePath, report: Report): void {
  if (as === undefined || !ROOTS.has(as)) return;
  report.error([...path, 'as'], 'invalid-value', `\`${as}\` is what every expression reads; give the item of \`${id}\` another name`);
}
