import type { DebugAction, Phase, ProcessStatus, TaskStatus, WaitsForKind } from '@orderlines/contracts';
import { CONTAINER_TYPES } from '../containers.js';

/** Where a run stands for the table: its status, or ENDING while it is being stopped or torn down. */
export const RUN_STANDINGS = ['PENDING', 'RUNNING', 'PAUSED', 'ENDING', 'SUCCESS', 'FAILURE', 'STOP'] as const;
/** Where a run stands for the table. */
export type RunStanding = (typeof RUN_STANDINGS)[number];

/**
 * Where a task instance stands for the table: its status, or OPEN for a container whose nodes run, STOPPING for what has been told to end,
 * HELD for a failure whose scope waits for an operator, RAISED for a failure that ended the run, or is going to when its dag has ended.
 */
export const TASK_STANDINGS = [
  'PENDING',
  'RUNNING',
  'OPEN',
  'STOPPING',
  'WAITING',
  'RETRY',
  'HELD',
  'RAISED',
  'SUCCESS',
  'FAILURE',
  'SKIP',
  'STOP',
] as const;
/** Where a task instance stands for the table. */
export type TaskStanding = (typeof TASK_STANDINGS)[number];

/** A row of the table: where the operation is allowed, and what a refusal says it needs. */
interface Rule<Standing> {
  readonly in: readonly Standing[];
  readonly needs: string;
}

/** A row for operations on runs: some only make sense while the run is debugged. */
interface RunRule extends Rule<RunStanding> {
  readonly only?: 'debugged';
}

/** A row for operations on nodes: some only make sense for one type of node, or for all but one. */
interface TaskRule extends Rule<TaskStanding> {
  readonly type?: string;
  readonly exceptType?: string;
}

const ENDED = ['SUCCESS', 'FAILURE', 'STOP'] as const;

/** Operations a person or a program can ask of a run: where each is allowed. `restart` and `rerun` make a new run. */
export const RUN_RULES = {
  stop: { in: ['PENDING', 'RUNNING', 'PAUSED', 'ENDING'], needs: 'a run that has not ended' },
  pause: { in: ['RUNNING'], needs: 'a run that is running and not on its way out' },
  resume: { in: ['PAUSED'], needs: 'a paused run' },
  'set-variable': { in: ['PAUSED'], needs: 'a paused run: pause it first' },
  restart: { in: ENDED, needs: 'a run that has ended: stop it first' },
  rerun: { in: ENDED, needs: 'a run that has ended: stop it first' },
  debug: { in: ['RUNNING', 'PAUSED', 'ENDING'], only: 'debugged', needs: 'a debugged run that goes on: start it with mode debug' },
} as const satisfies Readonly<Record<string, RunRule>>;
/** Name of an operation on a run. */
export type RunOperationName = keyof typeof RUN_RULES;
/** Names of the operations on a run. */
export const RUN_OPERATIONS = Object.keys(RUN_RULES) as readonly RunOperationName[];

/** What can be done at a stop of a debugged run: where each is allowed. What moves nothing can be done during a pause too. */
export const DEBUG_RULES = {
  step: { in: ['RUNNING', 'ENDING'] },
  into: { in: ['RUNNING', 'ENDING'] },
  continue: { in: ['RUNNING', 'ENDING'] },
  mock: { in: ['RUNNING', 'ENDING'] },
  skip: { in: ['RUNNING', 'ENDING'] },
  rerun: { in: ['RUNNING', 'ENDING'] },
  inputs: { in: ['RUNNING', 'PAUSED', 'ENDING'] },
  variables: { in: ['RUNNING', 'PAUSED', 'ENDING'] },
  breakpoints: { in: ['RUNNING', 'PAUSED', 'ENDING'] },
  stop: { in: ['RUNNING', 'PAUSED', 'ENDING'] },
} as const satisfies Readonly<Record<DebugAction['action'], Pick<RunRule, 'in'>>>;

/** Operations a person or a program can ask of a task instance: where each is allowed. */
export const TASK_RULES = {
  retry: { in: ['RETRY', 'HELD', 'RAISED'], needs: 'a node that failed and is held, waits for its retry, or ended the run' },
  skip: {
    in: ['PENDING', 'WAITING', 'RETRY', 'HELD', 'RAISED'],
    needs: 'a node that waits or has failed: force-fail a running one',
  },
  fail: { in: ['PENDING', 'RUNNING', 'OPEN', 'WAITING', 'RETRY'], needs: 'a node that has not ended' },
  succeed: {
    in: ['PENDING', 'RUNNING', 'WAITING', 'RETRY', 'HELD', 'RAISED'],
    exceptType: 'switch',
    needs: 'a node that has not succeeded, is no switch (choose its way) and has no nodes running inside',
  },
  stop: { in: ['PENDING', 'RUNNING', 'OPEN', 'WAITING', 'RETRY'], needs: 'a node that has not ended' },
  choose: { in: ['WAITING', 'HELD', 'RAISED'], type: 'switch', needs: 'a switch that could not decide' },
  answer: { in: ['WAITING'], type: 'approval', needs: 'an approval that waits for answers' },
  signal: { in: ['WAITING'], type: 'wait', needs: 'a wait for a signal' },
  raise: { in: ['HELD'], needs: 'a failed node that is held' },
} as const satisfies Readonly<Record<string, TaskRule>>;
/** Name of an operation on a task instance. */
export type TaskOperationName = keyof typeof TASK_RULES;
/** Names of the operations on a task instance. */
export const TASK_OPERATIONS = Object.keys(TASK_RULES) as readonly TaskOperationName[];

/** Phases in which a run is on its way out. */
const ENDING: ReadonlySet<Phase> = new Set(['stopping', 'teardown']);

/** Where a run stands for the table. */
export const runStanding = (status: ProcessStatus, phase: Phase): RunStanding => (ENDING.has(phase) ? 'ENDING' : status);

/** What of a task instance decides where it stands. */
export interface TaskAtHand {
  readonly status: TaskStatus;
  /** Type of its node. */
  readonly type: string;
  readonly waitsFor?: WaitsForKind | undefined;
  /** It has been told to end, and has not yet. */
  readonly isEnding: boolean;
  /** Its failure ended the run; in a dag that is the root, or is going to. */
  readonly hasRaised: boolean;
}

/** Where a task instance stands for the table. */
export function taskStanding({ status, type, waitsFor, isEnding, hasRaised }: TaskAtHand): TaskStanding {
  if (status === 'FAILURE' && waitsFor === 'operator') return 'HELD';
  if (status === 'FAILURE' && hasRaised) return 'RAISED';
  if (isEnding && (status === 'RUNNING' || status === 'WAITING')) return 'STOPPING';
  if (status !== 'RUNNING') return status;
  return CONTAINER_TYPES.has(type) ? 'OPEN' : 'RUNNING';
}

/** Operations allowed on a run that stands so. */
export const allowedOnRun = (standing: RunStanding, isDebugged = false): readonly RunOperationName[] =>
  RUN_OPERATIONS.filter((operation) => {
    const rule: RunRule = RUN_RULES[operation];
    return includes(rule, standing) && (isDebugged || rule.only === undefined);
  });

/** True when the action is allowed at a stop of a debugged run that stands so. */
export const allowsAction = (standing: RunStanding, { action }: Pick<DebugAction, 'action'>): boolean =>
  includes(DEBUG_RULES[action], standing);

/** Operations allowed on a task instance of this node type that stands so. */
export const allowedOnTask = (standing: TaskStanding, type: string): readonly TaskOperationName[] =>
  TASK_OPERATIONS.filter((operation) => {
    const rule: TaskRule = TASK_RULES[operation];
    return includes(rule, standing) && (rule.type ?? type) === type && rule.exceptType !== type;
  });

const includes = <Standing>(rule: Pick<Rule<Standing>, 'in'>, standing: Standing): boolean => rule.in.includes(standing);
