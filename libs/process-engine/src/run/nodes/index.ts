import type { CompiledNode } from '../../definition/compiled.js';
import { approval } from './approval.js';
import { assign } from './assign.js';
import type { NodeBehaviour } from './behaviour.js';
import { delay } from './delay.js';
import { end } from './end.js';
import { foreach } from './foreach.js';
import { group } from './group.js';
import { parallel } from './parallel.js';
import { processNode } from './process.js';
import { switchNode } from './switch.js';
import { task } from './task.js';
import { wait } from './wait.js';

const BEHAVIOURS: { readonly [T in CompiledNode['type']]: NodeBehaviour<Extract<CompiledNode, { type: T }>> } = {
  task,
  switch: switchNode,
  group,
  parallel,
  dag: group,
  foreach,
  assign,
  delay,
  approval,
  wait,
  process: processNode,
  end,
};

/** What the node's type does. */
export const behaviourOf = (node: CompiledNode): NodeBehaviour<CompiledNode> => BEHAVIOURS[node.type] as NodeBehaviour<CompiledNode>;
