import type { JsonObject } from '@orderlines/contracts';

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
