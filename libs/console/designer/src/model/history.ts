/** Steps that can be taken back. */
const MOST = 200;

/** One edit: what it was called, and what stood before and after it. */
export interface Step<State> {
  /** Key of the words that name it. */
  readonly label: string;
  readonly before: State;
  readonly after: State;
}

/** What was done to a document and what was taken back. The documents share what is the same in them. */
export interface History<State> {
  readonly present: State;
  readonly done: readonly Step<State>[];
  readonly undone: readonly Step<State>[];
}

/** A history that begins. */
export const beginning = <State>(present: State): History<State> => ({ present, done: [], undone: [] });

/** The history after an edit; edits under the same `merging` label that follow each other, as typing does, are one step. */
export function did<State>(history: History<State>, label: string, after: State, merging = false): History<State> {
  if (after === history.present) return history;
  const last = history.done.at(-1);
  if (merging && last?.label === label && history.undone.length === 0) {
    return { present: after, done: [...history.done.slice(0, -1), { ...last, after }], undone: [] };
  }
  return { present: after, done: [...history.done.slice(1 - MOST), { label, before: history.present, after }], undone: [] };
}

/** The history with its last edit taken back. */
export function undo<State>({ present, done, undone }: History<State>): History<State> {
  const last = done.at(-1);
  return last === undefined ? { present, done, undone } : { present: last.before, done: done.slice(0, -1), undone: [...undone, last] };
}

/** The history with the edit that was taken back last made again. */
export function redo<State>({ present, done, undone }: History<State>): History<State> {
  const next = undone.at(-1);
  return next === undefined ? { present, done, undone } : { present: next.after, done: [...done, next], undone: undone.slice(0, -1) };
}
