import { z } from 'zod';
import { AnyJson, AnyJsonObject } from '../json.js';

/** The attempt that is meant; a request about one that is over changes nothing. */
const attempt = z.int().min(1);

/** Body of `POST instances/{id}/tasks/{taskId}/retry`. */
export const RetryTaskBody = z
  .strictObject({
    attempt,
    /** Arguments instead of those the definition gives; tasks only. */
    input: AnyJsonObject.optional(),
  })
  .meta({ id: 'RetryTask' });
/** Body of `POST instances/{id}/tasks/{taskId}/retry`. */
export type RetryTaskBody = z.infer<typeof RetryTaskBody>;

/** Body of the operations on a task instance that need to know nothing more: skip, stop, raise. */
export const TaskBody = z.strictObject({ attempt }).meta({ id: 'TaskAttempt' });
/** Body of the operations on a task instance that need to know nothing more. */
export type TaskBody = z.infer<typeof TaskBody>;

/** Body of `POST instances/{id}/tasks/{taskId}/fail`. */
export const FailTaskBody = z.strictObject({ attempt, message: z.string().max(2_000).optional() }).meta({ id: 'FailTask' });
/** Body of `POST instances/{id}/tasks/{taskId}/fail`. */
export type FailTaskBody = z.infer<typeof FailTaskBody>;

/** Body of `POST instances/{id}/tasks/{taskId}/succeed`. */
export const SucceedTaskBody = z.strictObject({ attempt, result: AnyJson.default({}) }).meta({ id: 'SucceedTask' });
/** Body of `POST instances/{id}/tasks/{taskId}/succeed`. */
export type SucceedTaskBody = z.infer<typeof SucceedTaskBody>;

/** Body of `POST instances/{id}/tasks/{taskId}/choose`. */
export const ChooseBody = z
  .strictObject({
    attempt,
    /** Name or number of the case, or `default`. */
    case: z.string().min(1).max(200),
  })
  .meta({ id: 'Choose' });
/** Body of `POST instances/{id}/tasks/{taskId}/choose`. */
export type ChooseBody = z.infer<typeof ChooseBody>;

/** Body of `PUT instances/{id}/variables`: those that are named are written, all or none. */
export const VariablesBody = z.strictObject({ values: AnyJsonObject }).meta({ id: 'Variables' });
/** Body of `PUT instances/{id}/variables`. */
export type VariablesBody = z.infer<typeof VariablesBody>;
