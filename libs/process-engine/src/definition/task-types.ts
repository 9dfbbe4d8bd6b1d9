import { taskTypesByUses, type JsonObject, type TaskTypeManifest } from '@orderlines/contracts';

/** What a definition needs to know of a task type. */
export interface TaskTypeDescription {
  /** JSON Schema of `with`. */
  readonly inputs: JsonObject;
  /** JSON Schema of the result. */
  readonly results?: JsonObject;
  /** True when running it twice does no harm. */
  readonly idempotent?: boolean;
}

/** Task types by `name`, and by `name@version` where a version is asked for. */
export type TaskTypeCatalogue = ReadonlyMap<string, TaskTypeDescription>;

/** What definitions are checked with, from what workers told about their task types. */
export function taskTypeCatalogueOf(manifests: readonly TaskTypeManifest[]): TaskTypeCatalogue {
  const found = [...taskTypesByUses(manifests, (manifest) => manifest)];
  return new Map(
    found.map(([uses, { inputs, results, idempotent }]) => [
      uses,
      { inputs: inputs as JsonObject, results: results as JsonObject, idempotent },
    ]),
  );
}
