import { z } from 'zod';
import { PROCESS_STATUSES } from '../status.js';
import { ALARM_KINDS } from './alarm.js';

/** Steps in which a trend is told. */
export const TREND_STEPS = ['hour', 'day', 'week', 'month'] as const;
/** Step in which a trend is told. */
export type TrendStep = (typeof TREND_STEPS)[number];

/** Query of `GET overview`. */
export const OverviewQuery = z.object({
  step: z.enum(TREND_STEPS).default('day'),
  /** The zone whose days are counted. */
  zone: z.string().max(64).default('UTC'),
});
/** Query of `GET overview`. */
export type OverviewQuery = z.infer<typeof OverviewQuery>;

const counts = z.partialRecord(z.enum(PROCESS_STATUSES), z.int());
const processCount = z.object({ processId: z.uuid(), namespace: z.string(), process: z.string(), runs: z.int() });

/** What goes on, in numbers; of the runs that whoever asks may see. */
export const Overview = z
  .object({
    at: z.iso.datetime(),
    /** Runs that began today, by status. */
    today: counts,
    /** Runs that go on now, whenever they began. */
    active: counts,
    /** Approvals that wait for somebody. */
    waitingForPeople: z.int(),
    processes: z.int(),
    /** Runs by status in each step, the oldest first. */
    trend: z.array(z.object({ from: z.iso.datetime(), counts })),
    /** Of the trend's whole time: where runs came from, and what kept the system busy. */
    origins: z.array(z.object({ origin: z.string(), runs: z.int() })),
    slowest: z.array(processCount.extend({ averageMs: z.number(), longestMs: z.number() })),
    failing: z.array(processCount.extend({ failed: z.int() })),
    /** Open alarms of the trend's time. */
    alarms: z.partialRecord(z.enum(ALARM_KINDS), z.int()),
    /** Processes with open alarms of that time, those with the most first. */
    alarming: z.array(processCount.extend({ alarms: z.int() })),
    /** Executions of today by task type, the most frequent first. */
    taskTypes: z.array(z.object({ type: z.string(), executions: z.int() })),
  })
  .meta({ id: 'Overview' });
/** What goes on, in numbers. */
export type Overview = z.infer<typeof Overview>;
