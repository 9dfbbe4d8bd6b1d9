import type { NodeDocument } from '@orderlines/process-engine';
import { freshId } from './names.js';

/** Every type of node beside the tasks, in the order of the palette. */
export const NODE_TYPES = [
  'switch',
  'group',
  'parallel',
  'dag',
  'foreach',
  'process',
  'approval',
  'wait',
  'delay',
  'assign',
  'end',
] as const;
/** A type of node beside the tasks. */
export type NodeType = (typeof NODE_TYPES)[number];

/** What is dragged from the palette: a task of a type, or another node. */
export type Draggable = { readonly kind: 'task'; readonly uses: string } | { readonly kind: 'node'; readonly type: NodeType };

/** A node as it comes from the palette: as little as the format wants. */
export function newNode(wanted: Draggable, taken: ReadonlySet<string>): NodeDocument {
  if (wanted.kind === 'task')
    return { id: freshId(wanted.uses.replace(/@.*$/, '').replaceAll('.', '_'), taken), type: 'task', uses: wanted.uses };
  const id = freshId(wanted.type === 'end' ? 'finish' : wanted.type, taken);
  switch (wanted.type) {
    case 'switch':
      return { id, type: 'switch', cases: [] };
    case 'group':
      return { id, type: 'group', flow: [] };
    case 'parallel':
      return { id, type: 'parallel', branches: { first: [], second: [] } };
    case 'dag':
      return { id, type: 'dag', nodes: [] };
    case 'foreach':
      return { id, type: 'foreach', items: [], flow: [] };
    case 'process':
      return { id, type: 'process', process: 'name-of-a-process' };
    case 'approval':
      return { id, type: 'approval' };
    case 'wait':
      return { id, type: 'wait', signal: 'name-of-a-signal' };
    case 'delay':
      return { id, type: 'delay', for: '10s' };
    case 'assign':
      return { id, type: 'assign', set: {} };
    case 'end':
      return { id, type: 'end' };
  }
}
