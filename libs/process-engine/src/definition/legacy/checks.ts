import type { Structure } from './links.js';
import type { Report } from './report.js';

/** Nodes that nothing leads to would never run; the older runner carried them along. */
export function warnOfUnreachable({ nodes, owners }: Structure, reached: ReadonlySet<string>, report: Report): void {
  for (const node of nodes.values()) {
    if (reached.has(node.id) || owners.has(node.id) || node.kind === 'start' || node.kind === 'frame') continue;
    report.warning(node.source.path, 'unreachable', `\`${node.id}\` is never reached from the start node and is left out.`);
  }
}

/** A loop needs a gateway to end; without one only the limit of visits ends the run. */
export function warnOfCircles({ nodes, successors }: Structure, ids: readonly string[], report: Report): void {
  const done = new Set<string>();
  for (const start of ids) {
    const walked: string[] = [];
    let current: string | undefined = start;
    while (current !== undefined && !done.has(current)) {
      done.add(current);
      walked.push(current);
      current = successors.get(current);
    }
    if (current === undefined || !walked.includes(current)) continue;
    const circle = walked.slice(walked.indexOf(current));
    const last = nodes.get(circle.at(-1) ?? '');
    const names = circle.map((id) => `\`${id}\``).join(', ');
    const message = `${names} follow each other in a circle without a gateway; only the limit of visits ends such a run.`;
    report.warning([...(last?.source.path ?? []), 'next_id'], 'endless-loop', message);
  }
}
