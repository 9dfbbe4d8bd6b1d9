import { computed, inject, Injectable, signal } from '@angular/core';
import { taskTypesByUses, type TaskTypeManifest } from '@orderlines/contracts';
import { taskTypeCatalogueOf } from '@orderlines/process-engine';
import { Api } from '@orderlines/console/api';

/** The task types that workers offer. */
@Injectable()
export class TaskTypes {
  private readonly api = inject(Api);
  private readonly manifests = signal<readonly TaskTypeManifest[]>([]);

  readonly all = this.manifests.asReadonly();
  readonly catalogue = computed(() => taskTypeCatalogueOf(this.manifests()));
  private readonly byUses = computed(() => taskTypesByUses(this.manifests(), (manifest) => manifest));
  /** The newest version of each, by category, in the order of the palette. */
  readonly palette = computed(() => {
    const newest = this.manifests().filter((manifest) => this.byUses().get(manifest.name) === manifest);
    return Map.groupBy(
      newest.toSorted((one, other) => one.order - other.order),
      ({ category }) => category,
    );
  });

  async load(): Promise<void> {
    this.manifests.set((await this.api.call('GET task-types')).items);
  }

  of(uses: string): TaskTypeManifest | undefined {
    return this.byUses().get(uses);
  }
}
