import type { Run } from '@orderlines/process-engine';
import type { InstanceIdentity } from '../store/instances.sql.js';
import type { ProcessVersion } from './batch-item.js';

/** A run as this executor last wrote it. */
export interface CachedRun {
  readonly identity: InstanceIdentity;
  readonly version: ProcessVersion;
  readonly seq: number;
  readonly run: Run;
  /** Characters of params and variables. */
  readonly documents: number;
  /** Characters of all its documents, for the limit of the cache. */
  readonly weight: number;
}

/**
 * Runs this executor wrote lately, so that it need not read them again: valid only while the locked row still has
 * the same `seq`. Forgets the least lately used beyond its limits.
 */
export class RunCache {
  private readonly runs = new Map<string, CachedRun>();
  private weight = 0;

  constructor(private readonly limits: { readonly runs: number; readonly weight: number } = { runs: 10_000, weight: 32 * 1024 * 1024 }) {}

  get(id: string): CachedRun | undefined {
    return this.runs.get(id);
  }

  set(run: CachedRun): void {
    this.delete(run.identity.id);
    this.runs.set(run.identity.id, run);
    this.weight += run.weight;
    while (this.runs.size > this.limits.runs || this.weight > this.limits.weight) {
      const oldest = this.runs.keys().next();
      if (oldest.done) return;
      this.delete(oldest.value);
    }
  }

  delete(id: string): void {
    const known = this.runs.get(id);
    if (known === undefined) return;
    this.runs.delete(id);
    this.weight -= known.weight;
  }
}
