import type { TaskTypeManifest } from '@orderlines/contracts';
import type { TaskType } from '@orderlines/plugin-sdk';

/** The task types a worker can run, found by `name` (the newest version) or `name@version`. */
export class TaskTypes {
  private readonly byKey = new Map<string, TaskType>();

  constructor(private readonly types: readonly TaskType[]) {
    for (const type of types) {
      const { name, version } = type.manifest;
      if (this.byKey.has(`${name}@${version}`)) throw new Error(`The task type ${name}@${version} is there twice`);
      this.byKey.set(`${name}@${version}`, type);
      const newest = this.byKey.get(name);
      if (newest === undefined || isNewer(version, newest.manifest.version)) this.byKey.set(name, type);
    }
  }

  find(uses: string): TaskType | undefined {
    return this.byKey.get(uses);
  }

  get manifests(): TaskTypeManifest[] {
    return this.types.map(({ manifest }) => manifest);
  }

  /** Releases what the types keep between tasks. */
  async close(): Promise<void> {
    await Promise.allSettled(this.types.map((type) => type.close()));
  }
}

const isNewer = (left: string, right: string): boolean => {
  const [one, other] = [left, right].map((version) => version.split('.').map(Number));
  const differs = one?.findIndex((part, index) => part !== other?.[index]) ?? -1;
  return differs !== -1 && (one?.[differs] ?? 0) > (other?.[differs] ?? 0);
};
