import { readTrigger, type TriggerRule } from '@orderlines/triggers';
import type { EventRule, WebhookSignature } from '@orderlines/contracts';
import type { StoredTrigger } from './hearing.sql.js';

/** Rules that are kept; more are read anew. */
const MAX_KEPT = 5_000;

/** Rules of triggers, read once for each change of one. */
export class TriggerRules {
  private readonly kept = new Map<string, { readonly revision: number; readonly rule: TriggerRule | null }>();

  /** The rule of a trigger; null: it cannot be read any more, as after a release that knows less. */
  of({ id, kind, revision, filter, params, rule }: StoredTrigger): TriggerRule | null {
    const known = this.kept.get(id);
    if (known?.revision === revision) return known.rule;
    const heard =
      kind === 'webhook'
        ? { webhook: rule as { readonly signature: WebhookSignature }, event: null }
        : { webhook: null, event: rule as EventRule };
    const { rule: read = null } = readTrigger({ filter, params, ...heard });
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(id, { revision, rule: read });
    return read;
  }
}
