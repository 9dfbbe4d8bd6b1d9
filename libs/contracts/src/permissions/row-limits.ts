import type { RuleConditions } from './permission-rule.js';

/**
 * Which things of a kind somebody may act upon: those that meet one of `allow` and none of `deny`. Conditions without a test are met by
 * everything; `$me` stands in none of them any more.
 */
export interface RowLimit {
  readonly allow: readonly RuleConditions[];
  readonly deny: readonly RuleConditions[];
}

/** Limits that must all be kept; none: everything. */
export type RowLimits = readonly RowLimit[];
