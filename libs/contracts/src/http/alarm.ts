import { z } from 'zod';
import { FAILURE_REASONS } from '../status.js';
import { pageOf, pageQuery } from './paging.js';

/** What an alarm is about: a run that failed, that took too long, or that was stopped. */
export const ALARM_KINDS = ['FAILURE', 'TIMEOUT', 'STOP'] as const;
/** What an alarm is about. */
export type AlarmKind = (typeof ALARM_KINDS)[number];
/** How grave alarms are, the gravest first. */
export const ALARM_LEVELS = ['severe', 'warning', 'notice'] as const;
/** How grave an alarm is. */
export type AlarmLevel = (typeof ALARM_LEVELS)[number];
/** The level of each kind. */
export const ALARM_LEVEL_OF = { FAILURE: 'severe', TIMEOUT: 'warning', STOP: 'notice' } as const satisfies Record<AlarmKind, AlarmLevel>;
/** Longest remark of an acknowledgement, characters. */
export const MAX_REMARK = 2_000;

/** A run that ended badly; it is open until somebody acknowledges it, and gone when the run is opened again. */
export const AlarmView = z
  .object({
    instanceId: z.uuid(),
    /** Counts the runs of the process. */
    number: z.int(),
    namespace: z.string(),
    processId: z.uuid(),
    process: z.string(),
    kind: z.enum(ALARM_KINDS),
    level: z.enum(ALARM_LEVELS),
    /** Path of the node that ended the run; null: no node did. */
    node: z.string().nullable(),
    reason: z.enum(FAILURE_REASONS).nullable(),
    message: z.string().nullable(),
    startedBy: z.string(),
    /** When the run ended. */
    at: z.iso.datetime(),
    state: z.enum(['open', 'acknowledged']),
    acknowledgedBy: z.string().nullable(),
    acknowledgedAt: z.iso.datetime().nullable(),
    remark: z.string().nullable(),
  })
  .meta({ id: 'Alarm' });
/** A run that ended badly. */
export type AlarmView = z.infer<typeof AlarmView>;

/** A page of alarms, those of newer runs first. */
export const AlarmPage = pageOf('AlarmPage', AlarmView);
/** A page of alarms. */
export type AlarmPage = z.infer<typeof AlarmPage>;

/** Query of `GET alarms`. */
export const AlarmQuery = z.object({
  ...pageQuery,
  state: z.enum(['open', 'acknowledged']).optional(),
  kind: z.enum(ALARM_KINDS).optional(),
  namespace: z.string().max(64).optional(),
  process: z.string().max(300).optional().describe('Any part of the name, whatever its case.'),
});
/** Query of `GET alarms`. */
export type AlarmQuery = z.infer<typeof AlarmQuery>;

/** Body of `POST alarms/{id}/acknowledgement`. */
export const AcknowledgeBody = z.strictObject({ remark: z.string().max(MAX_REMARK).default('') }).meta({ id: 'Acknowledge' });
/** Body of `POST alarms/{id}/acknowledgement`. */
export type AcknowledgeBody = z.infer<typeof AcknowledgeBody>;
