import { AnyJson, AnyJsonObject, cleanJson, cleanText, DebugAction, MAX_COMMENT, type JsonObject } from '@orderlines/contracts';
import { z } from 'zod';

const text = (longest: number) => z.string().max(longest).transform(cleanText);
const json = AnyJson.transform((value) => cleanJson(value));
const jsonObject = AnyJsonObject.transform((values) => cleanJson(values));

const cleaned = (action: DebugAction): DebugAction => cleanJson(action as JsonObject) as DebugAction;

/** The task instance that is meant, in the attempt that is meant. */
const onTask = { taskInstanceId: z.uuid(), attempt: z.int().min(1) };

/** Operations on one task instance. */
const RequestedTaskOperation = z.discriminatedUnion('name', [
  z.strictObject({ ...onTask, name: z.literal('retry'), input: jsonObject.optional() }),
  z.strictObject({ ...onTask, name: z.literal('skip') }),
  z.strictObject({ ...onTask, name: z.literal('fail'), message: text(2_000).optional() }),
  z.strictObject({ ...onTask, name: z.literal('succeed'), result: json }),
  z.strictObject({ ...onTask, name: z.literal('stop') }),
  z.strictObject({ ...onTask, name: z.literal('choose'), case: text(200) }),
  z.strictObject({ ...onTask, name: z.literal('raise') }),
  z.strictObject({
    name: z.literal('answer'),
    taskInstanceId: z.uuid(),
    attempt: z.int().min(1).optional(),
    decision: z.enum(['approve', 'reject']),
    comment: text(MAX_COMMENT),
    values: jsonObject,
    person: z.strictObject({
      userName: z.string().min(1).max(200),
      administrator: z.boolean(),
      roles: z.array(z.string()),
      groups: z.array(z.string()),
    }),
  }),
]);

/** Operations on a run as a whole, and those that make a new run of it. */
const RequestedRunOperation = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('stop'), force: z.boolean().optional() }),
  z.strictObject({ name: z.literal('pause') }),
  z.strictObject({ name: z.literal('resume') }),
  z.strictObject({ name: z.literal('set-variable'), values: jsonObject }),
  z.strictObject({ name: z.literal('debug'), action: DebugAction.transform(cleaned) }),
  z.strictObject({ name: z.enum(['retry-event', 'drop-event']), eventId: z.uuid() }),
  z.strictObject({ name: z.literal('restart'), version: z.enum(['same', 'latest']).default('same') }),
  z.strictObject({ name: z.literal('rerun'), from: text(200), version: z.enum(['same', 'latest']).default('same') }),
]);

/** What can be asked of a run: an operation of the engine, or one that makes a new run. */
export const RequestedOperation = z.union([RequestedTaskOperation, RequestedRunOperation]);
/** What can be asked of a run. */
export type RequestedOperation = z.infer<typeof RequestedOperation>;
