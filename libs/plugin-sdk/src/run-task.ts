import { cleanText, type Failure, type Json, type JsonObject } from '@orderlines/contracts';
import { KEPT_HEAD_LENGTH, toJson, tooLarge, RESULT_LIMIT_BYTES } from './json-value.js';
import { describeProblems, schemaProblems } from './schema-check.js';
import { StopOrder, type TaskContext } from './task-context.js';
import { failureFrom, TaskFailure } from './task-failure.js';
import type { TaskType } from './task-type.js';

/** How a task ended, as it is reported. */
export type TaskOutcome =
  | { readonly status: 'SUCCESS'; readonly result: Json }
  | {
      readonly status: 'FAILURE';
      readonly failure: { readonly reason: StopOrder['reason'] | TaskFailure['reason'] } & Omit<Failure, 'reason'>;
      readonly result?: Json;
    }
  | { readonly status: 'STOP'; readonly result?: Json };

/** Milliseconds a task may take to end after its processes have been killed; then it is given up. */
const GIVE_UP_MS = 5_000;

/** Runs a task with its hooks and checks; never throws. An aborted task ends as its {@link StopOrder} says, whatever it returns. */
export const runTask = async (type: TaskType, inputs: unknown, context: TaskContext): Promise<TaskOutcome> => {
  const work = perform(type, inputs, context);
  const ended = await Promise.race([work, stopped(type, inputs, context, work)]);
  return context.signal.aborted ? stoppedOutcome(context.signal.reason, ended) : ended;
};

/** Resolves only after the signal: with the end of the work, or when it is given up. */
const stopped = async (type: TaskType, inputs: unknown, context: TaskContext, work: Promise<TaskOutcome>): Promise<TaskOutcome> => {
  const order = await aborted(context.signal, work);
  if (order === undefined) return work;
  if (type.cancel !== undefined) {
    type.cancel(context, inputs).catch((error: unknown) => void context.log('warn', `cancel failed: ${failureFrom(error).message}`));
  }
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<TaskOutcome>((resolve) => {
    timer = setTimeout(() => {
      void context.log('warn', 'The task did not end when it was told to; it is given up and may still be running inside the worker.');
      resolve({ status: 'STOP' });
    }, order.graceMs + GIVE_UP_MS);
  });
  return Promise.race([work, givenUp]).finally(() => clearTimeout(timer));
};

const aborted = async (signal: AbortSignal, work: Promise<unknown>): Promise<StopOrder | undefined> => {
  let listener: (() => void) | undefined;
  const abort = new Promise<StopOrder>((resolve) => {
    listener = () => resolve(signal.reason as StopOrder);
    if (signal.aborted) listener();
    signal.addEventListener('abort', listener, { once: true });
  });
  const order = await Promise.race([abort, work.then(() => undefined)]);
  if (listener !== undefined) signal.removeEventListener('abort', listener);
  return order;
};

const stoppedOutcome = (order: StopOrder, ended: TaskOutcome): TaskOutcome => {
  const kept = 'result' in ended && ended.result !== undefined ? { result: ended.result } : {};
  if (order.reason === 'stopped') return { status: 'STOP', ...kept };
  return { status: 'FAILURE', failure: { reason: order.reason, message: order.message }, ...kept };
};

const perform = async (type: TaskType, given: unknown, context: TaskContext): Promise<TaskOutcome> => {
  let inputs = given;
  try {
    checkInputs(type, inputs);
    const replaced = await type.before?.(context, inputs);
    if (replaced !== undefined) checkInputs(type, (inputs = replaced));
    if (context.signal.aborted) throw new TaskFailure('user', 'It was stopped before it began');
    const result = orThrow(await type.run(context, inputs));
    const improved = type.after === undefined ? undefined : orThrow(await type.after(context, inputs, result));
    return { status: 'SUCCESS', result: checkedResult(type, improved ?? result) };
  } catch (error) {
    return failed(await replacedError(type, inputs, context, failureFrom(error)));
  }
};

const orThrow = (returned: unknown): unknown => {
  if (returned instanceof TaskFailure) throw returned;
  return returned;
};

const checkInputs = (type: TaskType, inputs: unknown): void => {
  const problems = schemaProblems(type.manifest.inputs, inputs);
  if (problems.length === 0) return;
  throw new TaskFailure('user', `The inputs do not fit the task type ${type.manifest.name}: ${describeProblems(problems)}`, {
    code: 'inputs.invalid',
    detail: problems.map(({ path, message }) => ({ path, message })),
  });
};

const checkedResult = (type: TaskType, returned: unknown): Json => {
  const { json, bytes, text } = toJson(returned ?? {}, 'The result');
  if (bytes > RESULT_LIMIT_BYTES) throw tooLarge('The result', bytes, text);
  const problems = schemaProblems(type.manifest.results, json);
  if (problems.length === 0) return json;
  throw new TaskFailure('plugin', `The result does not fit what ${type.manifest.name} declares: ${describeProblems(problems)}`, {
    code: 'result.schema',
    detail: problems.map(({ path, message }) => ({ path, message })),
    result: isObject(json) ? json : { value: json },
  });
};

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const replacedError = async (type: TaskType, inputs: unknown, context: TaskContext, error: TaskFailure): Promise<TaskFailure> => {
  if (type.onError === undefined || context.signal.aborted) return error;
  try {
    const replaced = await type.onError(context, inputs, error);
    if (replaced === undefined) return error;
    return replaced.result === undefined && error.result !== undefined ? withResult(replaced, error.result) : replaced;
  } catch (hookError) {
    await context.log('warn', `The onError hook failed: ${failureFrom(hookError).message}`);
    return error;
  }
};

const withResult = ({ reason, message, code, detail }: TaskFailure, result: JsonObject) =>
  new TaskFailure(reason, message, { result, ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) });

/** Longest message and largest detail of a failure that are sent. */
const MESSAGE_LENGTH = 4_000;
const DETAIL_BYTES = 32 * 1024;

const failed = (error: TaskFailure): TaskOutcome => ({
  status: 'FAILURE',
  failure: {
    reason: error.reason,
    message: (toJson(error.message, 'The message').json as string | null)?.slice(0, MESSAGE_LENGTH) ?? '',
    ...(error.code === undefined ? {} : { code: error.code }),
    ...smallOrNothing('detail', error.detail, DETAIL_BYTES),
  },
  ...smallOrNothing('result', error.result, RESULT_LIMIT_BYTES),
});

const smallOrNothing = <Key extends string>(key: Key, value: unknown, limit: number): { [key in Key]?: Json } => {
  if (value === undefined) return {};
  try {
    const { json, bytes, text } = toJson(value, key);
    return { [key]: bytes > limit ? { head: cleanText(text.slice(0, Math.min(limit / 8, KEPT_HEAD_LENGTH))), bytes } : json } as {
      [key in Key]?: Json;
    };
  } catch {
    return {};
  }
};
