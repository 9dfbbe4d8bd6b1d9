import type { FormField } from '@orderlines/contracts';
import type { Column, Filter, FormValues, ListSource } from '@orderlines/console/ui';

/** Something else that can be done to a record. */
export interface RecordAction<Row> {
  /** Key of its name. */
  readonly label: string;
  readonly icon: string;
  readonly isPossible?: (row: Row) => boolean;
  /** It only shows something: whoever sees the list may do it, and nothing has changed then. */
  readonly shows?: boolean;
  /** Does it; a text that it gives is shown once, e.g. a password that was made. */
  readonly run: (row: Row) => Promise<string | void>;
}

/** How records of one kind are listed, made, changed and removed. */
export interface RecordKind<Row extends object> {
  readonly name: string;
  /** Key of the page's heading. */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly filters: readonly Filter[];
  readonly source: ListSource<Row>;
  readonly key: (row: Row) => string;
  /** How a record is called where it is asked about. */
  readonly nameOf: (row: Row) => string;
  /** Address of the page of a record; absent: its row says all. */
  readonly page?: (row: Row) => string;
  /** What a person must be allowed, to make or change and to remove. */
  readonly write?: readonly [action: string, subject: string];
  readonly remove?: {
    readonly right: readonly [string, string];
    readonly run: (row: Row) => Promise<unknown>;
    readonly isPossible?: (row: Row) => boolean;
  };
  /** The form of a record, titles as keys; without a record that of a new one. Null: it cannot be made or changed. */
  readonly fields: (row?: Row) => readonly FormField[] | null;
  /** Stores what the form holds; a text that it gives is shown once. */
  readonly save: (values: FormValues, row?: Row) => Promise<string | void>;
  readonly actions?: readonly RecordAction<Row>[];
}

/** A field of a form, its title a key. */
export const field = (name: string, title: string, more: Partial<FormField> = {}): FormField => ({
  name,
  title,
  type: 'string',
  required: false,
  ...more,
});
