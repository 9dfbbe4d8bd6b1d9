import { TaskTypeManifest, type Json, type JsonSchema } from '@orderlines/contracts';
import { checkLanguages } from './localized-schema.js';
import type { TaskContext } from './task-context.js';
import type { TaskFailure } from './task-failure.js';

/** What `run` may give back: a result that fits the declared schema, nothing (an empty result), or a failure of its own. */
export type TaskReturn<Result> = Result | TaskFailure | void;

/** A task type as its author writes it. `Inputs` and `Result` are the TypeScript sides of the two JSON Schemas. */
export interface TaskDefinition<Inputs, Result> extends Omit<TaskTypeManifest, 'cancel' | 'hooks' | 'wantsVariables'> {
  /** True: params and variables of the run are in the context. */
  readonly wantsVariables?: boolean;
  /** Does the work. Inputs have been checked against the schema. */
  run(context: TaskContext, inputs: Inputs): Promise<TaskReturn<Result>> | TaskReturn<Result>;
  /** Stops what runs outside the worker. Called once, beside `run`, when the signal is aborted. */
  cancel?(context: TaskContext, inputs: Inputs): Promise<void> | void;
  /** Runs before the task; inputs it gives back replace the given ones and are checked again. */
  before?(context: TaskContext, inputs: Inputs): Promise<Inputs | void> | Inputs | void;
  /** Runs after success; a result it gives back replaces the task's. It may also turn success into a failure. */
  after?(context: TaskContext, inputs: Inputs, result: Result): Promise<TaskReturn<Result>> | TaskReturn<Result>;
  /** Runs after a failure of `before`, `run` or `after`; an error it gives back replaces it. It is not called after a stop or a time-out. */
  onError?(context: TaskContext, inputs: Inputs, error: TaskFailure): Promise<TaskFailure | void> | TaskFailure | void;
  /** Releases what the type keeps between tasks (warm processes, connections). Called once, when the worker ends. */
  close?(): Promise<void>;
}

/** A task type with its types forgotten, as workers hold it. */
export interface TaskType {
  readonly manifest: TaskTypeManifest;
  run(context: TaskContext, inputs: unknown): Promise<unknown>;
  readonly cancel?: (context: TaskContext, inputs: unknown) => Promise<void>;
  readonly before?: (context: TaskContext, inputs: unknown) => Promise<unknown>;
  readonly after?: (context: TaskContext, inputs: unknown, result: unknown) => Promise<unknown>;
  readonly onError?: (context: TaskContext, inputs: unknown, error: TaskFailure) => Promise<TaskFailure | void>;
  close(): Promise<void>;
}

/** A JSON object as a result. */
export type ResultObject = { [key: string]: Json };

/** Declares a task type; throws at once when the declaration is incomplete (unknown keys, a missing language, a schema that is no object). */
export const defineTask = <Inputs, Result = ResultObject>(definition: TaskDefinition<Inputs, Result>): TaskType => {
  const { run, cancel, before, after, onError, close, wantsVariables = false, ...described } = definition;
  const hooks = (['before', 'after', 'onError'] as const).filter((name) => definition[name] !== undefined);
  const manifest = parseManifest({ ...described, wantsVariables, cancel: cancel !== undefined, hooks });
  checkObjectSchema(manifest.name, 'inputs', manifest.inputs);
  checkObjectSchema(manifest.name, 'results', manifest.results);
  checkLanguages(manifest.name, manifest.inputs);
  const given = (inputs: unknown) => inputs as Inputs;
  return {
    manifest,
    run: async (context, inputs) => run.call(definition, context, given(inputs)),
    ...(cancel && { cancel: async (context: TaskContext, inputs: unknown) => cancel.call(definition, context, given(inputs)) }),
    ...(before && { before: async (context: TaskContext, inputs: unknown) => before.call(definition, context, given(inputs)) }),
    ...(after && {
      after: async (context: TaskContext, inputs: unknown, result: unknown) =>
        after.call(definition, context, given(inputs), result as Result),
    }),
    ...(onError && {
      onError: async (context: TaskContext, inputs: unknown, error: TaskFailure) => onError.call(definition, context, given(inputs), error),
    }),
    close: async () => close?.call(definition),
  };
};

const parseManifest = (described: unknown): TaskTypeManifest => {
  const parsed = TaskTypeManifest.strict().safeParse(described);
  if (parsed.success) return parsed.data;
  const name = String((described as { name?: unknown }).name);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'declaration'}: ${issue.message}`);
  throw new TypeError(`The task type "${name}" is not declared completely:\n  ${problems.join('\n  ')}`);
};

const checkObjectSchema = (name: string, part: string, schema: JsonSchema): void => {
  if (schema['type'] !== 'object') throw new TypeError(`The task type "${name}" must declare ${part} of type "object"`);
};
