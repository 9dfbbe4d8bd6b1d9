import type { Json, JsonObject } from '@orderlines/contracts';
import type { Approval, Execution } from '../document.js';
import { isObject } from '../document.js';
import { RowsNeeded, type StoredTask } from '../context.js';
import type { Turn } from '../turn.js';

/** One person's answer, as it is shown and as expressions see it. */
export type Answer = {
  readonly user: string;
  readonly decision: 'approve' | 'reject';
  readonly comment: string;
  /** The form as it was filled in; empty for a rejection. */
  readonly values: JsonObject;
  /** ISO 8601. */
  readonly at: string;
};

/** How an approval ended; null while it waits. */
export type Decision = 'approved' | 'rejected' | 'expired' | null;

/** The result of an approval: kept in its row from the first answer on. `values` are those of the last approval. */
export const resultOf = (decision: Decision, answers: readonly Answer[]): JsonObject => ({
  decision,
  answers: answers.map((answer) => ({ ...answer })),
  values: answers.findLast(({ decision: given }) => given === 'approve')?.values ?? {},
});

/** The answers of the current round. Throws RowsNeeded when the row must be loaded first. */
export function answersOf(turn: Turn, execution: Execution & { readonly approval: Approval }): readonly Answer[] {
  return execution.approval.given.length === 0 ? [] : answersIn(rowOf(turn, execution.id).result);
}

/** The row of an execution that exists. Throws RowsNeeded when it must be loaded first. */
export function rowOf(turn: Turn, id: string): StoredTask {
  const row = turn.written(id) ?? turn.context.task(id);
  if (row) return row;
  throw new RowsNeeded([id], []);
}

const answersIn = (result: Json): readonly Answer[] =>
  isObject(result) && Array.isArray(result['answers']) ? (result['answers'] as unknown as readonly Answer[]) : [];
