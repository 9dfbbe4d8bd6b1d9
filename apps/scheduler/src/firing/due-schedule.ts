import type { MissedPolicy, OverlapPolicy } from '@orderlines/contracts';
import type { Timetable } from '@orderlines/timetable';
import type { Standing } from './overlap.js';

/** A schedule one or more slots of which are due. */
export interface DueSchedule extends Standing {
  readonly id: string;
  readonly timetable: Timetable;
  readonly overlap: OverlapPolicy;
  readonly overlapLimit: number;
  readonly missed: MissedPolicy;
  readonly catchUpMs: number;
  readonly confirms: boolean;
  /** Starts that are left; null: no end of them. */
  readonly remaining: number | null;
  /** Its first slot that the ledger does not have. */
  readonly next: { readonly at: number; readonly dueAt: number };
}
