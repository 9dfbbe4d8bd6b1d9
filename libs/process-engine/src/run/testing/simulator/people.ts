import { DEBUG_STOPS, type DebugAction, type DebugStops, type Json } from '@orderlines/contracts';
import type { Person } from '../../approval/candidates.js';
import type { Operation, RunOperation } from '../../event.js';
import { planRerun } from '../../rerun.js';
import { MAX_RUNS } from './batch.js';
import type { Outcome } from './items.js';
import { isQuiet, openRows, type StoredRun } from './database.js';
import type { World } from './world.js';

const RUN_OPERATIONS: readonly RunOperation[] = [
  { name: 'pause' },
  { name: 'pause' },
  { name: 'resume' },
  { name: 'resume' },
  { name: 'set-variable', values: { n: 2 } },
];
const ON_TASKS: readonly object[] = [
  { name: 'retry' },
  { name: 'retry', input: { other: true } },
  { name: 'skip' },
  { name: 'fail' },
  { name: 'stop' },
  { name: 'raise' },
  { name: 'succeed', result: { n: 1 } },
  { name: 'choose', case: '1' },
  { name: 'choose', case: 'default' },
];
const AT_STOPS: readonly DebugAction[] = [
  { action: 'step' },
  { action: 'step' },
  { action: 'into' },
  { action: 'continue' },
  { action: 'inputs', input: { other: true } },
  { action: 'mock', result: { n: 3 } },
  { action: 'skip' },
  { action: 'rerun' },
  { action: 'variables', values: { n: 1 } },
  { action: 'breakpoints', set: [], clear: [] },
];
/** So many of the runs are debugged. */
const DEBUGGED = 0.15;
/** They answer approvals. */
const PERSONS: readonly Person[] = [
  { userName: 'alice', administrator: false, roles: [], groups: [] },
  { userName: 'bob', administrator: false, roles: [], groups: ['day'] },
  { userName: 'carol', administrator: false, roles: ['judge'], groups: [] },
  { userName: 'tester', administrator: false, roles: [], groups: [] },
  { userName: 'mallory', administrator: false, roles: [], groups: [] },
  { userName: 'root', administrator: true, roles: [], groups: [] },
];
/** Somebody who gets no answer asks again so often, under the same key. */
const TRIES = 5;
const LOOK_MS = 3_000;

/** People and programs that ask things of runs: at random at first, in the end only what lets everything come to its end. */
export class People {
  constructor(private readonly world: World) {}

  /** Starts a run. */
  start(name: string): void {
    const { world } = this;
    const runId = world.database.ids.uuid();
    const key = `start ${name}`;
    const debug = world.chance.hits(DEBUGGED) ? (world.chance.pick(DEBUG_STOPS) as DebugStops) : undefined;
    world.story.tell(world.now, 'people', () => `start ${name} (${runId})`);
    this.ask<Outcome>((executor, reply) =>
      executor.submit({
        kind: 'start',
        runId,
        process: world.process,
        name,
        key,
        ...(debug && { debug }),
        settle: reply,
      }),
    );
  }

  /** Does something now, and again after a while. */
  meddle(untilMs: number): void {
    const { world } = this;
    if (world.now > untilMs) return;
    this.act();
    world.after(world.chance.between(200, 6_000), () => this.meddle(untilMs));
  }

  /** Resumes what is paused and decides what is held, again and again. */
  windUp(): void {
    for (const run of this.world.database.openRuns) {
      if (run.store.run?.status === 'PAUSED') this.operate(run, { name: 'resume' });
      for (const { id: taskInstanceId, attempt, waitsFor } of openRows(run.store))
        if (waitsFor?.kind === 'breakpoint') this.operate(run, { name: 'debug', action: { action: 'continue', task: taskInstanceId } });
        else if (waitsFor?.kind === 'operator') this.operate(run, { name: 'raise', taskInstanceId, attempt });
    }
    this.world.after(LOOK_MS, () => this.windUp());
  }

  private act(): void {
    const { chance, database } = this.world;
    const run = chance.pick([...database.runs.values()]);
    if (!run) return;
    if (run.parent === null && isQuiet(run) && chance.hits(0.06)) return chance.hits(0.3) ? this.restart(run) : this.rerun(run);
    const stop = chance.pick(openRows(run.store).filter(({ waitsFor }) => waitsFor?.kind === 'breakpoint'));
    if (stop && chance.hits(0.7)) return this.debug(run, stop.id);
    if (chance.hits(0.3)) return this.operate(run, this.anyOnRun());
    if (chance.hits(0.3)) return this.signal();
    const waiting = openRows(run.store).filter(({ type, status }) => type === 'approval' && status === 'WAITING');
    const approval = chance.pick(waiting);
    if (approval) return this.answer(run, approval.id, approval.attempt);
    const row = chance.pick([...run.store.tasks.values()].slice(-12));
    if (!row) return;
    this.operate(run, { ...chance.pick(ON_TASKS), taskInstanceId: row.id, attempt: row.attempt } as Operation);
  }

  /** A new run with the same inputs. */
  private restart({ name }: StoredRun): void {
    const { coverage, database } = this.world;
    if (database.runs.size >= MAX_RUNS) return;
    coverage.count('operations', 'restart');
    this.start(`restart of ${name} (${database.runs.size})`);
  }

  /** A new run from a node that an ended one has reached. */
  private rerun({ name: earlier, store }: StoredRun): void {
    const { world } = this;
    if (world.database.runs.size >= MAX_RUNS) return;
    const { process } = world;
    const rows = [...store.tasks.values()].filter(({ kind }) => kind !== 'callback');
    const from = world.chance.pick(rows.filter(({ nodeId }) => process.nodes.get(nodeId)?.flow === 'flow'))?.nodeId;
    if (from === undefined) return;
    const plan = planRerun(process, rows, from);
    const rerun = { from: plan.from, variables: store.run?.variables ?? {}, reused: rows.filter(({ id }) => plan.reused.has(id)) };
    const runId = world.database.ids.uuid();
    const name = `rerun of ${earlier} from ${from} (${runId})`;
    world.story.tell(world.now, 'people', () => name);
    world.coverage.count('operations', 'rerun');
    this.ask<Outcome>((executor, reply) => executor.submit({ kind: 'start', runId, process, name, key: name, rerun, settle: reply }));
  }

  private debug(run: StoredRun, task: string): void {
    const { chance, process } = this.world;
    if (chance.hits(0.05)) return this.operate(run, { name: 'debug', action: { action: 'stop' } });
    const action = chance.pick(AT_STOPS) as DebugAction;
    const marked = [...process.nodes.keys()].filter(() => chance.hits(0.3));
    const more = { variables: {}, breakpoints: chance.hits(0.7) ? { set: marked } : { clear: marked } };
    this.operate(run, { name: 'debug', action: { ...action, ...(more[action.action as keyof typeof more] ?? { task }) } as DebugAction });
  }

  /** A stop is the end of a story: it is rarer than the rest. */
  private anyOnRun(): RunOperation {
    const { chance } = this.world;
    if (chance.hits(0.1)) return { name: 'stop', ...(chance.hits(0.3) && { force: true }) };
    return chance.pick(RUN_OPERATIONS) as RunOperation;
  }

  private answer(run: StoredRun, taskInstanceId: string, attempt: number): void {
    const { chance } = this.world;
    const person = chance.pick(PERSONS) as Person;
    const decision = chance.hits(0.25) ? 'reject' : 'approve';
    this.operate(run, { name: 'answer', taskInstanceId, attempt, decision, comment: '', values: {}, person });
  }

  private signal(): void {
    const { chance, coverage, database, story, now } = this.world;
    const id = database.ids.uuid();
    coverage.count('operations', 'signal');
    const key = String(chance.between(0, 4));
    const payload: Json = { n: chance.between(0, 9) };
    story.tell(now, 'people', () => `signal go ${key}`);
    this.ask<Outcome>((executor, reply) => executor.submit({ kind: 'signal', id, name: 'go', key, payload, settle: reply }));
  }

  private operate(run: StoredRun, operation: Operation): void {
    const { world } = this;
    const key = world.database.ids.uuid();
    world.story.tell(world.now, 'people', () => `${JSON.stringify(operation)} of ${run.name}`);
    world.coverage.operation(operation);
    this.ask<Outcome>((executor, reply) =>
      executor.submit({ kind: 'event', runId: run.id, event: { kind: 'operation', operation, actor: 'tester' }, key, settle: reply }),
    );
  }

  private ask<Answer extends Outcome>(
    handle: Parameters<World['network']['request']>[0] & ((...given: never[]) => void),
    tries = TRIES,
  ): void {
    this.world.network.request<Answer>(handle as never, (answer) => {
      if ((answer === undefined || answer.kind === 'unavailable') && tries > 1) this.world.after(500, () => this.ask(handle, tries - 1));
    });
  }
}
