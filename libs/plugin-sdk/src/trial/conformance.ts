import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '@orderlines/contracts';
import { schemaProblems } from '../schema-check.js';
import { StopOrder } from '../task-context.js';
import type { TaskType } from '../task-type.js';
import { tryTask, type Trial, type TrialOptions } from './trial.js';

/** One thing a task type is expected to do. */
export interface ConformanceCase extends TrialOptions {
  /** A sentence about behaviour. */
  readonly title: string;
  readonly inputs: unknown;
  readonly expect: {
    readonly status: 'SUCCESS' | 'FAILURE' | 'STOP';
    /** Members that the result must have, at any depth; others may be there. */
    readonly result?: Json;
    readonly reason?: string;
    readonly code?: string;
    /** Text that the failure's message must contain. */
    readonly message?: string;
    /** Text that must stand in some log line. */
    readonly log?: string;
  };
}

/** Milliseconds after which a task that was told to stop must have ended, beyond its grace. */
const STOP_LIMIT_MS = 5_000;
/** The task should be in its middle by then. */
const STOP_AFTER_MS = 50;
/** Grace of the stop that every task must survive. */
const STOP_GRACE_MS = 1_000;

/**
 * Runs a task type against the cases of its author and against what every task type must keep: it ends when it is told to, leaves no
 * process behind, and refuses inputs its schema does not know. Answers with the problems, empty when the task type conforms.
 */
export const conformanceProblems = async (type: TaskType, cases: readonly ConformanceCase[]): Promise<string[]> => {
  const problems = await strangeInputProblems(type);
  for (const one of cases) {
    const trial = await tryTask(type, one.inputs, one);
    for (const problem of [...differences(one.expect, trial), ...leftovers(trial)]) problems.push(`${one.title}: ${problem}`);
  }
  const first = cases.find(({ expect }) => expect.status === 'SUCCESS');
  if (first !== undefined) problems.push(...(await stopProblems(type, first)));
  return problems;
};

const strangeInputProblems = async (type: TaskType): Promise<string[]> => {
  const strange = { 'no such input': true };
  if (schemaProblems(type.manifest.inputs, strange).length === 0)
    return ['inputs that nobody declared are accepted: set additionalProperties to false'];
  const { outcome } = await tryTask(type, strange);
  return outcome.status === 'FAILURE' && outcome.failure.code === 'inputs.invalid' ? [] : ['wrong inputs are not refused'];
};

const stopProblems = async (type: TaskType, one: ConformanceCase): Promise<string[]> => {
  const order = new StopOrder('stopped', 'The conformance kit stops it', STOP_GRACE_MS);
  const since = Date.now();
  const trial = await tryTask(type, one.inputs, { ...one, stopWhen: () => sleep(STOP_AFTER_MS, order) });
  const tookMs = Date.now() - since;
  const late = tookMs > STOP_GRACE_MS + STOP_LIMIT_MS ? [`stopped: it took ${tookMs} ms to end`] : [];
  return [...late, ...leftovers(trial).map((problem) => `stopped: ${problem}`)];
};

const leftovers = ({ leftGroups }: Trial): string[] =>
  leftGroups.length === 0 ? [] : [`process groups ${leftGroups.join(', ')} were left behind`];

const differences = (
  { status, result, reason, code, message, log }: ConformanceCase['expect'],
  { outcome, log: lines }: Trial,
): string[] => {
  const told = outcome.status === 'FAILURE' ? outcome.failure : undefined;
  if (outcome.status !== status)
    return [`ended ${outcome.status}, not ${status}${told === undefined ? '' : ` (${told.reason}: ${told.message})`}`];
  const problems: string[] = [];
  const compare = (what: string, wanted: string | undefined, had: string | undefined) => {
    if (wanted !== undefined && wanted !== had) problems.push(`${what} is ${had}, not ${wanted}`);
  };
  compare('reason', reason, told?.reason);
  compare('code', code, told?.code);
  if (message !== undefined && told?.message.includes(message) !== true) problems.push(`the message is "${told?.message}"`);
  if (log !== undefined && !lines.some(({ text }) => text.includes(log))) problems.push(`no log line contains "${log}"`);
  const had = 'result' in outcome ? outcome.result : undefined;
  if (result !== undefined && !contains(had, result)) problems.push(`the result is ${JSON.stringify(had)}, not ${JSON.stringify(result)}`);
  return problems;
};

const contains = (value: Json | undefined, wanted: Json): boolean => {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return isDeepStrictEqual(value, wanted);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(wanted).every(([key, member]) => contains(value[key], member));
};
