import type { Failure, Phase } from '@orderlines/contracts';
import type { CompiledConcurrency } from '../definition/compiled.js';
import { ROOT } from './document.js';
import { evaluate } from './expressions.js';
import { MAX_KEY_TEXT } from './limits.js';
import { NodeFailed } from './node-failed.js';
import type { Slot } from './state.js';
import type { Turn } from './turn.js';

/** An unfinished run with a key, as the others with that key see it. */
export interface SlotRun {
  readonly id: string;
  readonly phase: Phase;
  /** Ids of the runs that started it. */
  readonly ancestors: readonly string[];
  readonly limit: number;
  readonly policy: Slot['policy'];
}

/** What becomes of a run for the sake of its key. */
export type SlotVerdict =
  | { readonly what: 'granted' }
  /** These runs hold the slots and cannot end before it has begun; none: that is over. */
  | { readonly what: 'circle'; readonly runs: readonly string[] }
  | { readonly what: 'ended'; readonly status: 'STOP' | 'FAILURE'; readonly failure: Failure };

/**
 * What is to become of one of the unfinished runs with a key, all of them in the order of their ids; null: it stays as it is. Slots are not
 * counted anywhere: who has begun holds one until it is done, its teardown included.
 */
export function judgeSlot(runs: readonly SlotRun[], id: string): SlotVerdict | null {
  const run = runs.find((candidate) => candidate.id === id);
  if (!run) return null;
  const holders = runs.filter(({ phase }) => phase !== 'queued');
  const waiting = runs.filter(({ phase }) => phase === 'queued');
  return run.phase === 'queued' ? judgeWaiting(run, holders, waiting) : judgeHolder(run, holders, waiting);
}

/** A child shares the slot of its ancestor: together they are one. */
const counted = (holders: readonly SlotRun[]): readonly SlotRun[] => {
  const ids = new Set(holders.map(({ id }) => id));
  return holders.filter(({ ancestors }) => !ancestors.some((ancestor) => ids.has(ancestor)));
};

function judgeWaiting(run: SlotRun, holders: readonly SlotRun[], waiting: readonly SlotRun[]): SlotVerdict | null {
  if (holders.some(({ id }) => run.ancestors.includes(id))) return { what: 'granted' };
  const taken = counted(holders);
  const isFree = taken.length < run.limit;
  const by = taken.map(({ id }) => id).join(', ');
  switch (run.policy) {
    case 'skip':
      return isFree ? { what: 'granted' } : ended('STOP', `Not begun: run ${by} with the same concurrency key goes on.`);
    case 'fail':
      return isFree ? { what: 'granted' } : ended('FAILURE', `Run ${by} with the same concurrency key goes on.`);
    case 'cancel_running': {
      const newest = waiting.filter(({ policy }) => policy === 'cancel_running').at(-1);
      if (newest && newest.id !== run.id) return ended('STOP', `Not begun: run ${newest.id} with the same concurrency key is newer.`);
      return isFree ? { what: 'granted' } : null;
    }
    case 'queue':
      return isFree && waiting.find(({ ancestors }) => !sharesWith(holders, ancestors))?.id === run.id ? { what: 'granted' } : null;
  }
}

const sharesWith = (holders: readonly SlotRun[], ancestors: readonly string[]): boolean => holders.some(({ id }) => ancestors.includes(id));

/** The oldest make room for the newest that waits with `cancel_running`; those on their way out make room already. */
function judgeHolder(run: SlotRun, holders: readonly SlotRun[], waiting: readonly SlotRun[]): SlotVerdict | null {
  const newest = waiting.filter(({ policy, ancestors }) => policy === 'cancel_running' && !sharesWith(holders, ancestors)).at(-1);
  if (!newest || isEnding(run)) return null;
  const taken = counted(holders);
  const tooMany = taken.length - newest.limit + 1 - taken.filter(isEnding).length;
  const position = taken.filter((holder) => !isEnding(holder)).findIndex(({ id }) => id === run.id);
  if (position < 0 || position >= tooMany) return null;
  return ended('STOP', `Stopped for run ${newest.id}, which has the same concurrency key.`);
}

const isEnding = ({ phase }: SlotRun): boolean => phase === 'stopping' || phase === 'teardown';

const ended = (status: 'STOP' | 'FAILURE', message: string): SlotVerdict => ({
  what: 'ended',
  status,
  failure: { reason: 'policy', code: 'concurrency', message },
});

/** The key that a run takes turns under. Throws NodeFailed. */
export function slotOf(turn: Turn, { key: template, limit, policy }: CompiledConcurrency): Slot {
  const value = evaluate(turn, ROOT, template);
  const key = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  if (key !== '' && key.length <= MAX_KEY_TEXT) return { key, limit, policy };
  const message = `concurrency.key must give a text of 1 to ${MAX_KEY_TEXT} characters, it gave ${JSON.stringify(value).slice(0, 200)}.`;
  throw new NodeFailed({ reason: 'expression', code: 'expression.not-a-key', message });
}
