import type { TaskTypeManifest, WorkerView } from '@orderlines/contracts';
import { WORKERS } from '@orderlines/messaging';
import { listTaskTypes, listWorkers } from '@orderlines/persistence';
import { taskTypeCatalogueOf, type TaskTypeCatalogue } from '@orderlines/process-engine';
import type { Pool } from 'pg';

const KEPT_MS = 2_000;

/** What workers are there, and what they can run. */
export class TaskTypes {
  private known: readonly TaskTypeManifest[] = [];
  private readAt = -Infinity;

  constructor(private readonly pool: Pool) {}

  /** Every task type that some worker has offered. */
  async list(): Promise<readonly TaskTypeManifest[]> {
    if (Date.now() - this.readAt > KEPT_MS) {
      this.known = await listTaskTypes(this.pool);
      this.readAt = Date.now();
    }
    return this.known;
  }

  /** Workers that gave a sign of life lately. */
  workers(): Promise<WorkerView[]> {
    return listWorkers(this.pool, WORKERS.leaseMs);
  }

  /** What definitions are checked with; undefined while no worker has ever told what it can run, so that nothing is refused unjustly. */
  async catalogue(): Promise<TaskTypeCatalogue | undefined> {
    const manifests = await this.list();
    if (manifests.length === 0) return undefined;
    return taskTypeCatalogueOf(manifests);
  }
}
