import { z } from 'zod';
import type { Path, Report } from './report.js';
import { numberOf } from './numbers.js';
import type { LegacyNode, LegacySource } from './source.js';
import { own } from '../../variables/value.js';

/** What a node of the older format is. */
export type NodeKind = 'start' | 'end' | 'task' | 'gateway' | 'parallel' | 'group' | 'frame' | 'sub_process';

/** One id written in a definition, and where. */
export interface Link {
  readonly id: string;
  readonly path: Path;
}

/** A way out of a gateway, its items still as they were written. */
export interface Branch {
  readonly target: Link | undefined;
  readonly items: readonly unknown[];
  readonly name: string | undefined;
  readonly path: Path;
}

/** A node whose kind and links are known. */
export interface LinkedNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly source: LegacyNode;
  /** Arguments of the method; empty where none were written. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly next: readonly Link[];
  readonly previous: readonly Link[];
  /** Members of a group, or what a parallel node runs at once. */
  readonly members: readonly Link[];
  /** Ways out of a gateway. */
  readonly branches: readonly Branch[];
}

/** The branches of a gateway up to the first without conditions, which always matches. */
export function liveBranches({ branches }: LinkedNode): readonly Branch[] {
  const otherwise = branches.findIndex((branch) => branch.items.length === 0);
  return otherwise === -1 ? branches : branches.slice(0, otherwise + 1);
}

/** The ids that an item of a condition names under the two keys that were in use for them. */
export function judgedIn(item: unknown): { readonly key: string; readonly id: string }[] {
  if (typeof item !== 'object' || item === null) return [];
  return ['condition', 'condition_task_id'].flatMap((key) => {
    const id = (item as Record<string, unknown>)[key];
    return typeof id === 'string' || typeof id === 'number' ? [{ key, id: String(id).trim() }] : [];
  });
}

const KINDS: Readonly<Record<string, NodeKind>> = {
  start: 'start',
  end: 'end',
  common: 'task',
  process_control: 'gateway',
  parallel: 'parallel',
  group: 'group',
  sub_process: 'sub_process',
};

/** Kinds by module, for nodes that name no `task_type`. */
const KINDS_BY_MODULE: Readonly<Record<string, NodeKind>> = { ProcessControl: 'gateway', Parallel: 'parallel', Group: 'group' };

const MEMBER_KEYS = { group: ['group_ids'], parallel: ['parallel_task_ids', 'parallel_group_ids'] } as const;

const branchSchema = z.looseObject({
  task_id: z.union([z.string(), z.number()]).nullish(),
  condition: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform((item) => [item])]).nullish(),
  expression: z.unknown().optional(),
});

function kindOf(node: LegacyNode, report: Report): NodeKind {
  if (node.method_name === 'start' || node.method_name === 'end') return node.method_name;
  if (node.method_name === 'select' && node.task_module === 'BuiltIn') return 'frame';
  const written = node.task_type?.trim().toLowerCase();
  if (written === undefined || written === '') return own(KINDS_BY_MODULE, node.task_module ?? '') ?? 'task';
  const kind = own(KINDS, written);
  if (kind !== undefined) return kind;
  report.error(
    [...node.path, 'task_type'],
    'unknown-task-type',
    `The task type \`${node.task_type}\` is not known; the older format has start, end, common, process_control, parallel, group and sub_process.`,
  );
  return 'task';
}

/** Reads the links of all nodes; ids that lead nowhere, twice used ids and unknown kinds go to the report. */
export class NodeReader {
  constructor(
    private readonly source: LegacySource,
    private readonly report: Report,
  ) {}

  /** All nodes by id, in the order they were written. */
  read(): Map<string, LinkedNode> {
    const nodes = new Map<string, LinkedNode>();
    for (const node of this.source.nodes) {
      if (nodes.has(node.task_id)) {
        this.report.error(
          [...node.path, 'task_id'],
          'duplicate-id',
          `The id \`${node.task_id}\` is used by two nodes; every node needs its own.`,
        );
        continue;
      }
      nodes.set(node.task_id, this.link(node));
    }
    return this.source.header.process_type === 'test' ? chained(nodes) : nodes;
  }

  private link(node: LegacyNode): LinkedNode {
    const kind = kindOf(node, this.report);
    const given = node.method_kwargs ?? {};
    const previous = this.links(node.prev_id, [...node.path, 'prev_id'], 'warning');
    const next = kind === 'gateway' ? [] : this.links(node.next_id, [...node.path, 'next_id'], 'error');
    const branches = kind === 'gateway' ? this.branches(given.conditions, [...node.path, 'method_kwargs', 'conditions']) : [];
    const members = kind === 'group' || kind === 'parallel' ? this.members(node, kind, given) : [];
    return { id: node.task_id, kind, source: node, arguments: given, next, previous, members, branches };
  }

  private members(node: LegacyNode, kind: 'group' | 'parallel', given: Record<string, unknown>): Link[] {
    const key = MEMBER_KEYS[kind].find((name) => name in given) ?? MEMBER_KEYS[kind][0];
    const path = [...node.path, 'method_kwargs', key];
    const members = this.links(given[key], path, 'error');
    if (members.length === 0) {
      this.report.error(path, 'no-members', `The ${kind} node \`${node.task_id}\` runs nothing: \`${key}\` lists the ids of its tasks.`);
    }
    return members;
  }

  private branches(written: unknown, path: Path): Branch[] {
    if (!Array.isArray(written) || written.length === 0) {
      this.report.error(path, 'no-branches', 'A gateway needs `conditions`: a list of { task_id, condition }.');
      return [];
    }
    return written.flatMap((raw: unknown, index) => {
      const place = [...path, index];
      const parsed = branchSchema.safeParse(raw);
      if (!parsed.success) {
        this.report.error(place, 'shape', 'A way out of a gateway is an object { task_id, condition: [...] }.');
        return [];
      }
      const { task_id: target, condition, expression } = parsed.data;
      const links = this.links(target, [...place, 'task_id'], 'error');
      if (target === undefined || target === null || target === '') {
        this.report.error([...place, 'task_id'], 'no-target', 'This way out of the gateway leads nowhere: `task_id` names the next node.');
      }
      const name = typeof expression === 'string' && expression.trim() !== '' ? expression.trim() : undefined;
      return [{ target: links[0], items: condition ?? [], name, path: place }];
    });
  }

  /** The ids in a value: one, a list, a list as JSON text, or several joined by commas. */
  private links(value: unknown, path: Path, severity: 'error' | 'warning'): Link[] {
    if (value === undefined || value === null || value === '') return [];
    if (Array.isArray(value)) return value.flatMap((entry: unknown, index) => this.links(entry, [...path, index], severity));
    if (typeof value !== 'string' && typeof value !== 'number') {
      this.report.error(path, 'shape', 'An id, or a list of ids, is expected.');
      return [];
    }
    const written = String(value).trim();
    if (this.source.ids.has(written)) return [{ id: written, path }];
    const several = splitIds(written);
    if (several.length > 1 || several[0] !== written) return several.flatMap((id) => this.links(id, path, severity));
    const message = `No node has the id \`${written}\`.`;
    if (severity === 'error') this.report.error(path, 'unknown-id', message);
    else this.report.warning(path, 'unknown-id', message);
    return [];
  }
}

/** A test process was an ordered table: where no node is linked, their numbers say what follows what. */
function chained(nodes: Map<string, LinkedNode>): Map<string, LinkedNode> {
  if ([...nodes.values()].some((node) => node.next.length > 0)) return nodes;
  const members = new Set([...nodes.values()].flatMap((node) => node.members.map((member) => member.id)));
  const table = [...nodes.values()].filter((node) => !members.has(node.id));
  table.sort((one, other) => (numberOf(one.source.task_index_id) ?? 0) - (numberOf(other.source.task_index_id) ?? 0));
  table.forEach((node, index) => {
    const next = table[index + 1];
    if (next !== undefined) nodes.set(node.id, { ...node, next: [{ id: next.id, path: [...next.source.path, 'task_index_id'] }] });
  });
  return nodes;
}

function splitIds(text: string): string[] {
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list.map(String);
    } catch {
      return [text];
    }
  }
  return text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}
