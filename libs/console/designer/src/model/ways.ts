import { END, FAIL, runsOn, targetOf, type NodeDocument, type ProcessDocument } from '@orderlines/process-engine';
import { flowsIn, type Flow, type FlowKey } from './flows.js';

/** The way out of a node that an arrow leaves by. `start` is the one way into a flow. */
export type Port = 'start' | 'next' | `case:${number}` | 'default' | 'onReject' | 'onDeadline' | 'onError' | 'needs';

/** An arrow: `from` null is the start of the flow, `to` null its end; both are drawn and not stored. */
export interface Way {
  readonly flow: FlowKey;
  readonly from: string | null;
  readonly port: Port;
  readonly to: string | null;
  /** True: nothing is written for it, it is the order of the list. */
  readonly implied: boolean;
}

/** True when a node may say itself where it goes on. */
export const carriesNext = ({ type }: NodeDocument): boolean => type !== 'switch' && type !== 'end';

/** The ways out that a person can draw from a node. */
export function portsOf(node: NodeDocument, isGraph: boolean): readonly Port[] {
  if (isGraph) return ['needs'];
  const failure: Port[] = node.type === 'end' ? [] : ['onError'];
  switch (node.type) {
    case 'end':
      return [];
    case 'switch':
      return [...node.cases.map((_, index): Port => `case:${index}`), 'default', ...failure];
    case 'approval':
      return ['next', 'onReject', 'onDeadline', ...failure];
    default:
      return ['next', ...failure];
  }
}

/** The number of the case that a port stands for. */
export const caseOf = (port: Port): number | undefined => (port.startsWith('case:') ? Number(port.slice('case:'.length)) : undefined);

/** Where a port is written to lead, as the document says it; undefined when nothing is written. */
export function writtenTarget(node: NodeDocument, port: Port): string | undefined {
  const index = caseOf(port);
  if (index !== undefined) return node.type === 'switch' ? node.cases[index]?.next : undefined;
  if (port === 'next') return 'next' in node ? node.next : undefined;
  if (port === 'default') return node.type === 'switch' ? node.default : undefined;
  if (port === 'onError') return typeof node.onError === 'object' ? node.onError.goto : undefined;
  if (node.type !== 'approval' || (port !== 'onReject' && port !== 'onDeadline')) return undefined;
  return node[port] === FAIL ? undefined : node[port];
}

/** Every arrow of a flow. */
export function waysOf(flow: Flow): readonly Way[] {
  return flow.isGraph ? waysOfGraph(flow) : waysOfList(flow);
}

function waysOfList({ key, nodes }: Flow): Way[] {
  const siblings = new Set(nodes.map(({ id }) => id));
  const ways: Way[] = [{ flow: key, from: null, port: 'start', to: nodes[0]?.id ?? null, implied: true }];
  nodes.forEach((node, index) => {
    if (runsOn(node)) ways.push({ flow: key, from: node.id, port: 'next', to: nodes[index + 1]?.id ?? null, implied: true });
    for (const port of portsOf(node, false)) {
      const target = writtenTarget(node, port);
      if (target === undefined) continue;
      const to = targetOf(target, siblings);
      // A jump to what is not there is a problem of the node, and no arrow.
      if (to === null || siblings.has(to)) ways.push({ flow: key, from: node.id, port, to, implied: false });
    }
  });
  return ways;
}

function waysOfGraph({ key, nodes }: Flow): Way[] {
  const siblings = new Set(nodes.map(({ id }) => id));
  const needed = new Set(nodes.flatMap((node) => node.needs ?? []));
  return nodes.flatMap((node): Way[] => {
    const needs = (node.needs ?? []).filter((id) => siblings.has(id));
    const into = needs.map((from): Way => ({ flow: key, from, port: 'needs', to: node.id, implied: false }));
    return [
      ...(needs.length === 0 ? [{ flow: key, from: null, port: 'start', to: node.id, implied: true } as const] : into),
      ...(needed.has(node.id) ? [] : [{ flow: key, from: node.id, port: 'needs', to: null, implied: true } as const]),
    ];
  });
}

/** Every arrow of a process. */
export const waysIn = (document: ProcessDocument): readonly Way[] => flowsIn(document).flatMap(waysOf);

/** Ids of the nodes that no way from the start of their flow leads to. */
export function notReached(flow: Flow): ReadonlySet<string> {
  const ways = Map.groupBy(waysOf(flow), ({ from }) => from);
  const reached = new Set<string>();
  const open: (string | null)[] = [null];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const { to } of ways.get(from) ?? []) {
      if (to === null || reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return new Set(flow.nodes.flatMap(({ id }) => (reached.has(id) ? [] : [id])));
}

/** A node whose port leads elsewhere: to a node by its id, to the end of the flow (null), or nowhere that is written (undefined). */
export function withTarget(node: NodeDocument, port: Port, to: string | null | undefined): NodeDocument {
  const target = to === null ? END : to;
  const index = caseOf(port);
  if (index !== undefined && node.type === 'switch') {
    const cases = node.cases.map((way, at) => (at === index ? { ...way, next: target ?? END } : way));
    return { ...node, cases };
  }
  if (port === 'onError') return written(node, 'onError', target === undefined ? undefined : { goto: target });
  if (port === 'start' || port === 'needs') return node;
  return written(node, port, target);
}

function written(node: NodeDocument, key: string, value: unknown): NodeDocument {
  const { [key]: _before, ...others } = node as Record<string, unknown>;
  // An existing key keeps its place in the document.
  if (value !== undefined) return { ...node, [key]: value } as NodeDocument;
  return (key in node ? others : node) as NodeDocument;
}
