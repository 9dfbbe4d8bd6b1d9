import type { EventOperation } from '../event.js';
import type { Turn } from '../turn.js';
import { accept } from './answers.js';

/** Notes who decided about an event that could not be applied. Possible in every status: the event may be what keeps the run in it. */
export function noteEvent(turn: Turn, { name, eventId }: EventOperation, actor: string): void {
  turn.facts.push({ type: 'operation', name, actor, detail: { eventId } });
  accept(turn);
}
