import { compile, processDocumentSchema } from '@orderlines/process-engine';
import { OrderlinesError } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { ProcessVersion } from './batch-item.js';

const KEPT = 500;

/** Compiled process versions; they never change, so the least lately used are forgotten and none is read twice. */
export class ProcessVersions {
  private readonly versions = new Map<string, ProcessVersion>();
  private readonly loading = new Map<string, Promise<ProcessVersion>>();

  constructor(private readonly pool: Pool) {}

  /** The version, where it is known. */
  known(id: string): ProcessVersion | undefined {
    const version = this.versions.get(id);
    if (version !== undefined && this.versions.size > KEPT / 2) {
      this.versions.delete(id);
      this.versions.set(id, version);
    }
    return version;
  }

  /** The version; throws `process-version.not-found`. */
  async get(id: string): Promise<ProcessVersion> {
    const known = this.known(id);
    if (known !== undefined) return known;
    const loading = this.loading.get(id) ?? this.load(id).finally(() => this.loading.delete(id));
    this.loading.set(id, loading);
    return loading;
  }

  /** Id of the newest published version of the process that a version belongs to. */
  async latestOf(versionId: string): Promise<string> {
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'latest-version',
      text: `select latest.id from definition.process_version v
        join definition.process p on p.id = v.process_id
        join definition.process_version latest on latest.process_id = p.id and latest.number = p.latest_version
        where v.id = $1`,
      values: [versionId],
    });
    const [latest] = rows;
    if (latest === undefined)
      throw new OrderlinesError('process-version.not-found', `The process of version ${versionId} has no published version`, 404);
    return latest.id;
  }

  private async load(id: string): Promise<ProcessVersion> {
    const { rows } = await this.pool.query<{ process_id: string; namespace: string; name: string; number: number; document: unknown }>({
      name: 'process-version',
      text: `select v.process_id, p.namespace, p.name, v.number, v.document
        from definition.process_version v join definition.process p on p.id = v.process_id where v.id = $1`,
      values: [id],
    });
    const [row] = rows;
    if (row === undefined) throw new OrderlinesError('process-version.not-found', `There is no process version ${id}`, 404);
    const version: ProcessVersion = {
      id,
      processId: row.process_id,
      namespace: row.namespace,
      name: row.name,
      number: row.number,
      process: compile(processDocumentSchema.parse(row.document)),
    };
    this.versions.set(id, version);
    const oldest = this.versions.keys().next();
    if (this.versions.size > KEPT && !oldest.done) this.versions.delete(oldest.value);
    return version;
  }
}
