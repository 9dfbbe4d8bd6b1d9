import type { WaitsFor } from '@orderlines/contracts';
import type { Execution, Mutable } from './document.js';
import type { Turn } from './turn.js';

/** What is waited for, without the moment at which the waiting began. */
export type Awaited<W extends WaitsFor = WaitsFor> = W extends WaitsFor ? Omit<W, 'since'> : never;

/** Says in the execution's row what it waits for from now on, until it goes on or ends. */
export function waitFor(turn: Turn, execution: Mutable<Execution>, awaited: Awaited): void {
  execution.waitsFor = { ...awaited, since: timestamp(turn.now) } as WaitsFor;
}

/** Says until when people or a signal are waited for: the execution's deadline, which moves with a pause. */
export function showDeadline(execution: Mutable<Execution>): void {
  const { waitsFor, deadlineAt } = execution;
  if (waitsFor?.kind !== 'approval' && waitsFor?.kind !== 'signal') return;
  const { until: _, ...waiting } = waitsFor;
  execution.waitsFor = deadlineAt === undefined ? waiting : { ...waiting, until: timestamp(deadlineAt) };
}

/** True for a failed execution whose scope waits for an operator (`onError: hold`). */
export const isHeld = ({ waitsFor }: Execution): boolean => waitsFor?.kind === 'operator';

/** A moment (epoch milliseconds) as rows and people read it. */
export const timestamp = (at: number): string => new Date(at).toISOString();
