import type { JsonObject, TaskTypeManifest, WorkerView } from '@orderlines/contracts';
import { listTaskTypes, listWorkers } from '@orderlines/persistence';
import type { TaskTypeCatalogue } from '@orderlines/process-engine';
import type { Pool } from 'pg';

const KEPT_MS = 2_000;
/** A worker beats every five seconds; one that has been silent for this long is gone. */
const LIVE_MS = 30_000;

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
    return listWorkers(this.pool, LIVE_MS);
  }

  /** What definitions are checked with; undefined while no worker has ever told what it can run, so that nothing is refused unjustly. */
  async catalogue(): Promise<TaskTypeCatalogue | undefined> {
    const manifests = await this.list();
    if (manifests.length === 0) return undefined;
    const oldestFirst = manifests.toSorted((a, b) => compareVersions(a.version, b.version));
    return new Map(
      oldestFirst.flatMap(({ name, version, inputs, results, idempotent }) => {
        const description = { inputs: inputs as JsonObject, results: results as JsonObject, idempotent };
        return [
          // The newest version comes last, and is what the bare name means.
          [name, description],
          [`${name}@${version}`, description],
        ];
      }),
    );
  }
}

const compareVersions = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
