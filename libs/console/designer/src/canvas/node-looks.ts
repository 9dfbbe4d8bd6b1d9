import type { NodeDocument } from '@orderlines/process-engine';
import type { NodeType } from '../model/new-node.js';

/** Icons of nodes that are no tasks. */
export const NODE_ICONS: Readonly<Record<NodeType, string>> = {
  switch: 'branches',
  group: 'inbox',
  parallel: 'fork',
  dag: 'cluster',
  foreach: 'reload',
  process: 'apartment',
  approval: 'audit',
  wait: 'bell',
  delay: 'hourglass',
  assign: 'edit',
  end: 'stop',
};

/** Icon of a task type that the console does not know. */
export const UNKNOWN_ICON = 'appstore';

/** What a node is, in a word: the task type of a task. */
export const kindOf = (node: NodeDocument): string => (node.type === 'task' ? node.uses : node.type);
