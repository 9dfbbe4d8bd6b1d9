/** A thing as rules see it; absent attributes are ones that it has not. */
export interface SubjectObject {
  readonly namespace?: string;
  readonly name?: string;
  /** Name of the user it belongs to. */
  readonly owner?: string;
  readonly labels?: Readonly<Record<string, string>>;
}
