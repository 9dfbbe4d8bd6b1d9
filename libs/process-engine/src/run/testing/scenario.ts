import { parseDuration, FAILURE_REASONS, type Json, type JsonObject, PROCESS_STATUSES } from '@orderlines/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { compile } from '../../definition/compile.js';
import { processDocumentSchema } from '../../definition/document.js';
import type { Operation } from '../event.js';
import type { Played } from './script.js';
import { Simulation } from './simulation.js';

const json = z.unknown() as unknown as z.ZodType<Json>;
const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) context.addIssue({ code: 'custom', message: `${text} is no duration` });
  return milliseconds ?? 0;
});

/** What the fake worker does with one attempt; without a word it succeeds after a second. */
const playedSchema = z
  .strictObject({
    after: duration.optional(),
    succeeds: json.optional(),
    fails: z.string().optional(),
    reason: z.enum(FAILURE_REASONS).default('user'),
    detail: json.optional(),
    variables: z.record(z.string(), json).optional(),
    does: z.enum(['vanish', 'hang', 'stay-away', 'ignore-cancel']).optional(),
    idempotent: z.boolean().optional(),
  })
  .transform(({ after, succeeds, fails, reason, detail, variables, does, idempotent }): Played => ({
    ...(after !== undefined && { after }),
    ...(succeeds !== undefined && { result: succeeds }),
    ...(fails !== undefined && { failure: { reason, message: fails, ...(detail !== undefined && { detail }) } }),
    ...(variables !== undefined && { variables }),
    ...(idempotent !== undefined && { idempotent }),
    ...(does === 'vanish' && { lost: true }),
    ...(does === 'hang' && { hangs: true }),
    ...(does === 'stay-away' && { unclaimed: true }),
    ...(does === 'ignore-cancel' && { deaf: true }),
  }));

/** What must be true at a moment; nodes are written `path STATUS`. */
const expectationSchema = z.strictObject({
  status: z.enum(PROCESS_STATUSES).optional(),
  phase: z.string().optional(),
  reason: z.enum(FAILURE_REASONS).optional(),
  /** Must be contained in the run's error. */
  error: z.string().optional(),
  /** Every execution of a node so far, in the order they began. */
  nodes: z.array(z.string()).optional(),
  /** Columns of the newest execution of some nodes. */
  rows: z.record(z.string(), z.record(z.string(), json)).optional(),
  callbacks: z.array(z.string()).optional(),
  attempts: z.array(z.string()).optional(),
  variables: z.record(z.string(), json).optional(),
  outputs: json.optional(),
});

const momentSchema = expectationSchema.extend({
  at: duration,
  do: z.enum(['stop', 'pause', 'resume']).optional(),
  force: z.boolean().optional(),
});

const scenarioSchema = z.strictObject({
  name: z.string(),
  /** Faults of the original that must not come back (reference §9.1). */
  faults: z.array(z.string().regex(/^E\d+$/)).default([]),
  process: z.record(z.string(), json),
  params: z.record(z.string(), json).default({}),
  script: z.record(z.string(), z.union([playedSchema, z.array(playedSchema)])).default({}),
  timeline: z.array(momentSchema).default([]),
  ends: expectationSchema.extend({ at: duration.optional() }),
});

/** A story with a time axis: a process, what its workers do, what is done to it, and what must be seen when. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** What must be true at a moment of a scenario. */
export type Expectation = z.infer<typeof expectationSchema>;

/** Reads the scenarios of a file. */
export const parseScenarios = (yaml: string): readonly Scenario[] => z.array(scenarioSchema).parse(parse(yaml));

/** Plays a scenario and calls back at every moment that expects something. */
export function playScenario(scenario: Scenario, check: (seen: JsonObject, expected: JsonObject) => void): void {
  const document = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'scenario', ...scenario.process };
  const simulation = new Simulation(compile(processDocumentSchema.parse(document)), {
    params: scenario.params as JsonObject,
    script: scenario.script,
  });
  for (const { at, do: name, force, ...expected } of scenario.timeline) {
    simulation.play(at);
    if (name) simulation.operate({ name, ...(force && { force }) } as Operation);
    compare(simulation, expected, check);
  }
  simulation.play();
  const { at, ...expected } = scenario.ends;
  compare(simulation, expected, check);
  if (at !== undefined) check({ at: simulation.run.finishedAt }, { at });
}

function compare(simulation: Simulation, expected: Expectation, check: (seen: JsonObject, expected: JsonObject) => void): void {
  const seen: JsonObject = {};
  for (const key of Object.keys(expected) as (keyof Expectation)[]) seen[key] = SEEN[key](simulation, expected);
  check(seen, expected as JsonObject);
}

const SEEN: { readonly [K in keyof Required<Expectation>]: (simulation: Simulation, expected: Expectation) => Json } = {
  status: ({ run }) => run.status,
  phase: ({ run }) => run.phase,
  reason: ({ run }) => run.error?.reason ?? null,
  error: ({ run }, { error }) => (run.error?.message.includes(error ?? '') ? (error ?? '') : (run.error?.message ?? null)),
  nodes: ({ rows }) => rows.filter(({ kind }) => kind === 'node').map(({ path, status }) => `${path} ${status}`),
  rows: (simulation, { rows = {} }) =>
    Object.fromEntries(
      Object.entries(rows).map(([node, columns]) => {
        const row = simulation.row(node) as unknown as JsonObject;
        return [node, Object.fromEntries(Object.keys(columns).map((column) => [column, row[column] ?? null]))];
      }),
    ),
  callbacks: ({ callbacks }) => [...callbacks],
  attempts: ({ store }) =>
    store.attempts.map(({ attempt, failure, finishedAt }) => `${attempt} ${failure.message} at ${finishedAt / 1_000}s`),
  variables: ({ run }) => run.variables,
  outputs: ({ run }) => run.outputs,
};
