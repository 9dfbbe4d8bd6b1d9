import { compile } from '../compile.js';
import type { CompiledNode, CompiledProcess } from '../compiled.js';
import type { NodeDocument, ProcessDocument } from '../document.js';

/** Something that one process says and another does not. */
export interface Difference {
  readonly path: string;
  readonly what: string;
}

/** Limits that the new format means where it names none; milliseconds. */
const UNWRITTEN = { task: { kind: 'literal', value: 3_600_000 }, process: { kind: 'literal', value: 86_400_000 } };
/** What follows from the rest and is compared with it. */
const DERIVED = new Set(['inCycle', 'nodes', 'flows', 'referenced']);

/** Ways in which two processes would run differently; the order of nodes in their lists does not matter. */
export function differences(document: ProcessDocument, other: ProcessDocument): Difference[] {
  const [one, two] = [compile(document), compile(other)];
  const found = unequalKeys(plainProcess(one), plainProcess(two)).map((key) => ({
    path: key,
    what: `\`${key}\` of the process`,
  }));
  const paths = pathsOf(document);
  for (const [id, node] of one.nodes) {
    const path = paths.get(id) ?? '';
    const keys = unequalKeys(plainNode(node), plainNode(two.nodes.get(id)));
    found.push(...keys.map((key) => ({ path, what: `\`${key}\` of \`${id}\`` })));
  }
  for (const id of two.nodes.keys()) if (!one.nodes.has(id)) found.push({ path: '', what: `a process without the node \`${id}\`` });
  for (const [key, flow] of one.flows) {
    if (two.flows.get(key)?.first !== flow.first) found.push({ path: key, what: `where \`${key}\` begins` });
  }
  return found;
}

const plainProcess = (process: CompiledProcess): object => ({ ...process, timeout: process.timeout ?? UNWRITTEN.process });

const plainNode = (node: CompiledNode | undefined): object =>
  node?.type === 'task' ? { ...node, timeout: node.timeout ?? UNWRITTEN.task } : (node ?? {});

function unequalKeys(one: object, two: object): string[] {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(two)])].filter((key) => !DERIVED.has(key));
  return keys.filter((key) => textOf(one[key as keyof object]) !== textOf(two[key as keyof object]));
}

/** A value as text; expressions as they are written. */
const textOf = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
    if ('source' in entry && 'evaluate' in entry) return String(entry.source).trim();
    return Object.fromEntries(Object.entries(entry).sort(([first], [second]) => (first < second ? -1 : 1)));
  });

function pathsOf(document: ProcessDocument): Map<string, string> {
  const paths = new Map<string, string>();
  const walk = (flow: readonly NodeDocument[], path: string): void =>
    flow.forEach((node, index) => {
      const place = `${path}[${index}]`;
      paths.set(node.id, place);
      if (node.type === 'group') walk(node.flow, `${place}.flow`);
      if (node.type === 'parallel') for (const [name, lane] of Object.entries(node.branches)) walk(lane, `${place}.branches.${name}`);
    });
  for (const section of ['setup', 'flow', 'teardown'] as const) walk(document[section] ?? [], section);
  return paths;
}
