import type { Expression, Template } from '@orderlines/process-engine';
import type { Timetable } from '@orderlines/timetable';

/** Several events make one start. */
export interface DebounceRule {
  readonly quietMs: number;
  readonly atMostMs: number;
  readonly give: 'last' | 'all';
  /** What belongs together; null: everything. */
  readonly by: Expression | null;
}

/** Something does not happen: after another event, for a while, or between two deadlines. */
export type AbsenceRule =
  | {
      readonly kind: 'after';
      readonly withinMs: number;
      readonly types: readonly string[];
      readonly filter: Expression | null;
      readonly by: Expression | null;
    }
  | { readonly kind: 'silence'; readonly withinMs: number }
  | { readonly kind: 'deadline'; readonly timetable: Timetable };

/** A trigger as it judges events: everything in it was read and can be evaluated. */
export interface TriggerRule {
  /** Patterns of types; null: it is a webhook, whose requests have no type. */
  readonly types: readonly string[] | null;
  /** Null: everything goes on. */
  readonly filter: Expression | null;
  readonly params: Template;
  readonly debounce: DebounceRule | null;
  readonly absence: AbsenceRule | null;
}
