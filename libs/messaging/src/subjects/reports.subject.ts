import { z } from 'zod';
import { FinishedMessage } from '../streams/runs.stream.js';

/**
 * How attempts ended, told to any executor (queue group), which answers after its commit. What is not answered in time, or not stored,
 * goes to RUNS, where it waits for an executor.
 */
export const REPORTS = {
  subject: (queue: string) => `reports.${queue}`,
  all: 'reports.>',
  group: 'executors',
  /** A worker sends to RUNS after this: an executor that is busy for longer, or away, must not keep results from being kept. */
  timeoutMs: 2_000,
  /** Results in one request, and their size in bytes together. */
  maxResults: 256,
  maxBytes: 256 * 1024,
} as const;

/** Results of attempts of one queue. */
export const ReportRequest = z.object({ format: z.literal(1), results: z.array(FinishedMessage).max(REPORTS.maxResults) });
/** Results of attempts of one queue. */
export type ReportRequest = z.infer<typeof ReportRequest>;

/** For each result, in the request's order: whether Postgres has what it says. False: send it to RUNS. */
export const ReportReply = z.object({ format: z.literal(1), stored: z.array(z.boolean()) });
/** Which results Postgres has. */
export type ReportReply = z.infer<typeof ReportReply>;
