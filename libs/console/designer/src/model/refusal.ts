/** Why an edit is not made; the words are `designer.refused.<code>`. */
export type RefusalCode =
  | 'other-flow'
  | 'end-has-no-way-out'
  | 'no-such-way'
  | 'itself'
  | 'in-a-circle'
  | 'end-is-a-node'
  | 'into-itself'
  | 'no-such-node'
  | 'id-taken'
  | 'id-invalid'
  | 'decides-itself'
  | 'start-needs-a-node'
  | 'jump-in-dag'
  | 'name-taken';

/** An edit that the format does not allow. */
export interface Refusal {
  readonly refused: RefusalCode;
}

/** An edited document, or why it stays as it was. */
export type Edited<Document> = Document | Refusal;

/** Refuses an edit. */
export const refuse = (refused: RefusalCode): Refusal => ({ refused });

/** True when an edit was refused. */
export const isRefusal = (edited: object): edited is Refusal => 'refused' in edited;
