import { z } from 'zod';
import { AnyJson, AnyJsonObject } from '../json.js';
import { PROCESS_STATUSES, TASK_STATUSES } from '../status.js';
import { pageOf, pageQuery } from './paging.js';

/** Longest comment of an answer, characters. */
export const MAX_COMMENT = 4_000;

/** One person's answer to an approval. */
export const ApprovalAnswer = z
  .object({
    user: z.string(),
    decision: z.enum(['approve', 'reject']),
    comment: z.string(),
    /** The form as it was filled in; empty for a rejection. */
    values: AnyJsonObject,
    at: z.iso.datetime(),
  })
  .meta({ id: 'ApprovalAnswer' });
/** One person's answer to an approval. */
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

/** A field of an approval's form: a param of a process, with the value it begins with. */
export const FormField = z
  .object({
    name: z.string(),
    type: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    required: z.boolean(),
    default: AnyJson.optional(),
    enum: z.array(AnyJson).optional(),
    pattern: z.string().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .meta({ id: 'FormField' });
/** A field of an approval's form. */
export type FormField = z.infer<typeof FormField>;

/** An approval of a run: what is asked of whom, and what was answered. */
export const ApprovalView = z
  .object({
    instanceId: z.uuid(),
    taskId: z.uuid(),
    nodeId: z.string(),
    /** Name of the node. */
    title: z.string(),
    /** Where the node stands. */
    path: z.string(),
    namespace: z.string(),
    process: z.string(),
    /** Counts the runs of the process. */
    number: z.int(),
    startedBy: z.string(),
    /** WAITING: it takes answers. */
    status: z.enum(TASK_STATUSES),
    /** Number of the round: answers of earlier ones do not count. */
    attempt: z.int(),
    message: z.string(),
    users: z.array(z.string()),
    roles: z.array(z.string()),
    groups: z.array(z.string()),
    quorum: z.union([z.enum(['any', 'all']), z.int()]),
    /** Approvals so far, and how many it needs. */
    have: z.int(),
    need: z.int(),
    form: z.array(FormField),
    answers: z.array(ApprovalAnswer),
    /** How it ended; null while it waits, and when it was stopped. */
    decision: z.enum(['approved', 'rejected', 'expired']).nullable(),
    askedAt: z.iso.datetime().nullable(),
    /** When it ends by itself; null: never, or the run is paused. */
    deadlineAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    /** True: it waits for whoever asks, who has not answered yet. */
    mayAnswer: z.boolean(),
  })
  .meta({ id: 'Approval' });
/** An approval of a run. */
export type ApprovalView = z.infer<typeof ApprovalView>;

/** A page of approvals, those of newer runs first. */
export const ApprovalPage = pageOf('ApprovalPage', ApprovalView);
/** A page of approvals. */
export type ApprovalPage = z.infer<typeof ApprovalPage>;

/** Query of `GET approvals`. */
export const ApprovalQuery = z.object({
  ...pageQuery,
  /** `true` (or nothing behind the name): those that wait for whoever asks. */
  mine: z.enum(['', 'true', 'false']).optional(),
  status: z.enum(TASK_STATUSES).optional(),
  instance: z.uuid().optional(),
});
/** Query of `GET approvals`. */
export type ApprovalQuery = z.infer<typeof ApprovalQuery>;

/** Body of `POST instances/{id}/tasks/{taskId}/approval`. */
export const AnswerBody = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    comment: z.string().max(MAX_COMMENT).default(''),
    /** The form, as it was filled in; texts are converted to the fields' types. */
    values: AnyJsonObject.default({}),
    /** The round that is meant, so that an answer never counts for another; without it the current one. */
    attempt: z.int().min(1).optional(),
  })
  .meta({ id: 'ApprovalAnswerBody' });
/** Body of `POST instances/{id}/tasks/{taskId}/approval`. */
export type AnswerBody = z.infer<typeof AnswerBody>;

/** An answer that was taken. */
export const AnswerTaken = z
  .object({
    /** Status of the run. */
    status: z.enum(PROCESS_STATUSES),
    /** What the approval has come to; null: it waits for more answers. */
    decision: z.enum(['approved', 'rejected']).nullable(),
    have: z.int(),
    need: z.int(),
  })
  .meta({ id: 'AnswerTaken' });
/** An answer that was taken. */
export type AnswerTaken = z.infer<typeof AnswerTaken>;
