import type { CompiledEnd } from '../../definition/compiled.js';
import { evaluateText } from '../expressions.js';
import { giveUp, succeed } from '../settle.js';
import { messageOf } from '../node-failed.js';
import type { NodeBehaviour } from './behaviour.js';

/** Ends the flow it stands in, well or badly; a bad end is meant, so no strategy applies to it. */
export const end: NodeBehaviour<CompiledEnd> = {
  begin(turn, node, execution) {
    const message = node.message ? evaluateText(turn, execution.scope, node.message) : '';
    if (node.status === 'SUCCESS') {
      return succeed(turn, execution, message === '' ? {} : { result: { message } }, { end: { status: 'SUCCESS' } });
    }
    giveUp(turn, execution, { reason: 'user', code: 'end.failure', message: messageOf(message) || `Ended by ${node.name}.` });
  },
};
