import type { DebugStops, JsonObject, ProcessStatus } from '@orderlines/contracts';
import { isTerminalTask } from '@orderlines/contracts';
import type { CompiledProcess } from '../../definition/compiled.js';
import type { Cancel, TaskInstanceRow } from '../changes.js';
import type { EngineSettings } from '../context.js';
import { own } from '../document.js';
import type { ChildEvent, ClaimAnswer, Operation, OperationAnswer, Rerun, RunEvent } from '../event.js';
import type { ChildLink } from '../child-links.js';
import type { Run } from '../state.js';
import type { Transition } from '../transition.js';
import { Agenda } from './agenda.js';
import type { Played, PlayedAnswer, Script } from './script.js';
import { constantsFor, DEFAULT_SETTINGS, RunStore } from './store.js';

/** How a simulated run is set up. */
export interface SimulationOptions {
  readonly params?: JsonObject;
  readonly script?: Script;
  readonly settings?: Partial<EngineSettings>;
  readonly random?: () => number;
  /** The run is debugged. */
  readonly debug?: DebugStops;
  /** What it takes over of an earlier run. */
  readonly rerun?: Rerun;
  /** Called after every transition that changed something, with the run before and after it. */
  readonly watch?: (before: Run | null, event: RunEvent, transition: Transition) => void;
}

/** How long a cancelled attempt takes to say that it has stopped. */
const STOPS_AFTER_MS = 100;

/**
 * A run with a fake worker and a clock of its own: the engine's commands are carried out in memory, deterministically.
 * Times are milliseconds from the start of the run.
 */
export class Simulation {
  readonly store: RunStore;
  /** Every event that was applied, in order, for replays. */
  readonly events: RunEvent[] = [];
  /** Every dispatch: path and time. */
  readonly dispatches: { readonly at: number; readonly path: string; readonly kind: TaskInstanceRow['kind'] }[] = [];
  now = 0;
  private readonly agenda = new Agenda();
  private readonly script: Script;
  private readonly watch: SimulationOptions['watch'];
  private readonly plays = new Map<string, number>();

  constructor(process: CompiledProcess, options: SimulationOptions = {}) {
    const settings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.store = new RunStore(process, constantsFor(process, options.params), options.random, settings);
    this.script = options.script ?? {};
    this.watch = options.watch;
    const { header: run, params } = this.store.constants;
    const { debug, rerun } = options;
    this.apply({ kind: 'start', run, params, ...(debug && { debug }), ...(rerun && { rerun }) });
  }

  get run(): Run {
    return this.store.run as Run;
  }

  get status(): ProcessStatus {
    return this.run.status;
  }

  /** All rows in the order they were made. */
  get rows(): readonly TaskInstanceRow[] {
    return [...this.store.tasks.values()];
  }

  /** The newest row of a node, by id or path. */
  row(node: string): TaskInstanceRow {
    const found = this.rows.findLast((row) => row.kind === 'node' && (row.nodeId === node || row.path === node));
    if (!found) throw new Error(`${node} was not reached`);
    return found;
  }

  /** `node STATUS` of every node row, in the order they were made. */
  get outcome(): readonly string[] {
    return this.rows.filter((row) => row.kind === 'node').map((row) => `${row.nodeId} ${row.status}`);
  }

  /** `task type STATUS` of every callback row. */
  get callbacks(): readonly string[] {
    return this.rows.filter((row) => row.kind === 'callback').map((row) => `${row.uses} ${row.status}`);
  }

  /** Lets time pass until nothing is left to happen, or until a moment. */
  play(until = Number.MAX_SAFE_INTEGER): this {
    for (let steps = 0; ; steps++) {
      if (steps > 100_000) throw new Error('the simulation does not come to an end');
      if (!this.playOnce(until)) break;
    }
    if (until !== Number.MAX_SAFE_INTEGER) this.now = Math.max(this.now, until);
    return this;
  }

  /** Lets the next thing happen; false when nothing is left to happen until then. */
  playOnce(until = Number.MAX_SAFE_INTEGER): boolean {
    const next = this.nextMoment();
    if (next === undefined || next > until) return false;
    this.now = Math.max(this.now, next);
    this.happen();
    return true;
  }

  /** Asks an operation of the run now. */
  operate(operation: Operation, actor = 'tester'): OperationAnswer {
    return this.apply({ kind: 'operation', operation, actor }).changes.answer as OperationAnswer;
  }

  /** Applies an event now and carries its commands out. */
  apply(event: RunEvent): Transition {
    const before = this.store.run;
    const transition = this.store.apply(event, this.now);
    if (!transition.changed) return transition;
    this.events.push(event);
    this.watch?.(before, event, transition);
    for (const id of transition.changes.dispatch) this.dispatched(this.store.tasks.get(id) as TaskInstanceRow);
    for (const cancel of transition.changes.cancel) this.cancelled(cancel);
    for (const link of transition.changes.children) this.child(link);
    for (const { id } of [...transition.changes.created, ...transition.changes.updated])
      this.waits(this.store.tasks.get(id) as TaskInstanceRow);
    return transition;
  }

  private nextMoment(): number | undefined {
    const deadlines = [this.run.deadlineAt, ...this.openRows().map((row) => row.deadlineAt)].filter((at) => at !== null);
    const timers = [...this.store.timers.values()].map((timer) => timer.dueAt);
    const moments = [this.agenda.next, ...deadlines, ...timers].filter((at) => at !== undefined);
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  private openRows(): readonly TaskInstanceRow[] {
    return this.rows.filter((row) => !isTerminalTask(row.status));
  }

  /** Results before timers before deadlines, as the executor orders them. */
  private happen(): void {
    const event = this.agenda.take(this.now);
    if (event) return event();
    const timer = [...this.store.timers.values()].find(({ dueAt }) => dueAt <= this.now);
    if (timer) return void this.apply({ kind: 'timer', timerId: timer.id });
    const late = this.openRows().find(({ deadlineAt }) => deadlineAt !== null && deadlineAt <= this.now);
    if (late) {
      const reason = late.status === 'PENDING' ? 'timeout.queue' : 'timeout.run';
      return void this.apply({ kind: 'deadline', taskInstanceId: late.id, attempt: late.attempt, reason });
    }
    this.apply({ kind: 'process-deadline' });
  }

  private dispatched(row: TaskInstanceRow): void {
    this.dispatches.push({ at: this.now, path: row.path, kind: row.kind });
    const played = this.played(row);
    if (!played.unclaimed) this.agenda.add(this.now, () => this.claim(row, played));
  }

  /** People and senders do what the script says, once a round. */
  private waits(row: TaskInstanceRow): void {
    const round = `${row.id} round ${row.attempt}`;
    if (row.status !== 'WAITING' || row.waitsFor?.kind === 'breakpoint' || this.plays.has(round)) return;
    this.plays.set(round, 1);
    const { answers = [], signal, after = 1_000 } = this.played(row);
    if (row.type === 'approval') for (const given of answers) this.agenda.add(this.now + given.after, () => this.answer(row, given));
    if (row.type !== 'wait' || signal === undefined) return;
    const { id: taskInstanceId, attempt } = row;
    this.agenda.add(this.now + after, () => {
      this.apply({ kind: 'signal', taskInstanceId, attempt, signalId: `signal for ${round}`, payload: signal });
    });
  }

  /** The run that a node asked for ends as the script says, or says that it was stopped. */
  private child({ taskInstanceId, instanceId }: ChildLink): void {
    const row = this.store.tasks.get(taskInstanceId) as TaskInstanceRow;
    const ends = (outcome: ChildEvent['outcome']) => () => void this.apply({ kind: 'child', taskInstanceId, instanceId, outcome });
    if (row.waitsFor?.kind !== 'child') return void this.agenda.remove(instanceId);
    if (row.reason !== null) {
      // One that was asked for and cancelled in one transition has never begun.
      if (!this.agenda.remove(instanceId) && this.plays.has(instanceId)) return;
      this.plays.set(instanceId, 1);
      const failure = { reason: 'stopped', message: 'Stopped.' } as const;
      return this.agenda.add(this.now + STOPS_AFTER_MS, ends({ status: 'STOP', failure }));
    }
    if (this.plays.has(instanceId)) return;
    this.plays.set(instanceId, 1);
    const { after = 1_000, failure, result } = this.played(row);
    this.agenda.add(this.now, ends({ status: 'STARTED' }));
    const outcome = failure
      ? { status: 'FAILURE' as const, failure }
      : { status: 'SUCCESS' as const, outputs: (result ?? {}) as JsonObject };
    this.agenda.add(this.now + after, ends(outcome), instanceId);
  }

  /** Answers an approval now. */
  answer({ id: taskInstanceId, attempt }: TaskInstanceRow, { by, rejects, comment = '', values = {} }: PlayedAnswer): OperationAnswer {
    const [kind, userName = ''] = by.split(':');
    const person = { userName, administrator: kind === 'administrator', roles: [], groups: [] };
    const decision = rejects ? 'reject' : 'approve';
    return this.operate({ name: 'answer', taskInstanceId, attempt, decision, comment, values, person }, userName);
  }

  private played(row: TaskInstanceRow): Played {
    const key = row.kind === 'callback' ? `callback ${row.uses}` : row.nodeId;
    const script = own(this.script, key) ?? {};
    const plays = Array.isArray(script) ? (script as readonly Played[]) : [script as Played];
    const count = this.plays.get(row.id) ?? (row.kind === 'node' ? this.playsOf(key) : 0);
    this.plays.set(row.id, count + 1);
    if (row.kind === 'node') this.plays.set(key, count + 1);
    return plays[Math.min(count, plays.length - 1)] ?? {};
  }

  private playsOf(key: string): number {
    return this.plays.get(key) ?? 0;
  }

  private claim(row: TaskInstanceRow, played: Played): void {
    const { id, attempt, dispatch } = row;
    const worker = played.worker ?? row.worker ?? 'worker-1';
    const { changes } = this.apply({
      kind: 'claim',
      taskInstanceId: id,
      attempt,
      dispatch,
      session: `session of ${worker}`,
      worker,
      idempotent: played.idempotent ?? false,
    });
    const answer = changes.answer as ClaimAnswer;
    if (!answer.granted || played.hangs) return;
    this.agenda.add(this.now + (played.after ?? 1_000), () => this.report(row, answer.token, played), played.deaf ? undefined : id);
  }

  private report({ id, attempt, dispatch }: TaskInstanceRow, token: string, played: Played): void {
    const claim = { taskInstanceId: id, attempt, dispatch, token };
    if (played.lost) {
      this.apply({ kind: 'lost', ...claim, message: 'The worker is gone.' });
      return;
    }
    const { failure, result, variables } = played;
    const outcome = failure
      ? { status: 'FAILURE' as const, failure, ...(result !== undefined && { result }) }
      : { status: 'SUCCESS' as const, result: result ?? {} };
    this.apply({ kind: 'finished', ...claim, outcome, ...(variables && { variables }) });
  }

  private cancelled({ taskInstanceId, attempt }: Cancel): void {
    if (!this.agenda.remove(taskInstanceId)) return;
    const { dispatch, token } = this.store.tasks.get(taskInstanceId) as TaskInstanceRow;
    this.agenda.add(this.now + STOPS_AFTER_MS, () => {
      this.apply({ kind: 'finished', taskInstanceId, attempt, dispatch, token: token ?? '', outcome: { status: 'STOP' } });
    });
  }
}
