import { taskTypesByUses, type TaskTypeManifest } from '@orderlines/contracts';
import type { TaskType } from '@orderlines/plugin-sdk';

/** The task types a worker can run, found by `name` (the newest version) or `name@version`. */
export class TaskTypes {
  private readonly byUses: ReadonlyMap<string, TaskType>;

  constructor(private readonly types: readonly TaskType[]) {
    const names = types.map(({ manifest: { name, version } }) => `${name}@${version}`);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`The task type ${twice} is there twice`);
    this.byUses = taskTypesByUses(types, ({ manifest }) => manifest);
  }

  find(uses: string): TaskType | undefined {
    return this.byUses.get(uses);
  }

  get manifests(): TaskTypeManifest[] {
    return this.types.map(({ manifest }) => manifest);
  }

  /** Releases what the types keep between tasks. */
  async close(): Promise<void> {
    await Promise.allSettled(this.types.map((type) => type.close()));
  }
}
