import fc from 'fast-check';
import type { CompiledProcess } from '../../../definition/compiled.js';
import { SLOT_POLICIES } from '../../../definition/document-fields.js';
import type { Cancel } from '../../changes.js';
import type { FinishedEvent } from '../../event.js';
import { Agenda } from '../agenda.js';
import { anyProcess } from '../random-process.js';
import { Ids } from '../store.js';
import { accidents } from './accidents.js';
import { Chance } from './chance.js';
import { Checks } from './checks.js';
import { Coverage } from './coverage.js';
import { Database } from './database.js';
import { Executor } from './executor.js';
import { anyFaults, type Faults, NO_FAULTS } from './faults.js';
import { pullRuns } from './inputs.js';
import type { RunsMessage, TaskMessage } from './items.js';
import { Network } from './network.js';
import { People } from './people.js';
import { SAFEGUARDS, type Safeguard } from './safeguards.js';
import { anyWindow } from './release-window.js';
import { Story } from './story.js';
import { WorkQueue } from './work-queue.js';
import { Worker } from './worker.js';

const TASKS_ACK_WAIT_MS = 30_000;
const RUNS_ACK_WAIT_MS = 15_000;
/** Processes drawn, of which the two largest are run: small ones say little. */
const DRAWN = 4;
/** Time in which things go wrong. */
const ROUGH_MS = [20_000, 90_000] as const;
/** After the last run has ended: time for what is late. */
const AFTERWARDS_MS = 40_000;
const MOST_ROUNDS = 10;
/** After the faults have stopped everything ends within this time. */
const BOUND_MS = 6 * 3_600_000;
const CHECK_EVERY_MS = 5_000;

/** Everything there is in one simulation, made from a seed. */
export class World {
  now = 1_000;
  readonly chance: Chance;
  readonly story: Story;
  readonly coverage = new Coverage();
  readonly database = new Database(new Ids());
  readonly checks: Checks = new Checks(this);
  readonly network: Network = new Network(this);
  readonly tasks: WorkQueue<TaskMessage>;
  readonly runs: WorkQueue<RunsMessage>;
  readonly safeguards: ReadonlySet<Safeguard>;
  readonly process: CompiledProcess;
  readonly childProcess: CompiledProcess;
  /** Unclaimed tasks that TASKS has room for. */
  readonly window: number;
  readonly executors: Executor[];
  readonly workers: Worker[];
  faults: Faults;
  /** When things stopped going wrong, and every executor that stood still went on. */
  calmSince: number | null = null;
  private readonly agenda = new Agenda();
  private readonly people = new People(this);
  private readonly sessions = new Map<string, string[]>();

  constructor(seed: number, options: { readonly without?: Safeguard | undefined; readonly isTold?: boolean }) {
    this.chance = new Chance(seed);
    this.story = new Story(options.isTold === true);
    this.safeguards = new Set(SAFEGUARDS.filter((each) => each !== options.without));
    this.faults = anyFaults(this.chance);
    const drawn = fc.sample(fc.noBias(anyProcess), { seed, numRuns: DRAWN });
    const [process, childProcess] = drawn.toSorted((one, other) => other.nodes.size - one.nodes.size) as [CompiledProcess, CompiledProcess];
    this.process = inTurns(process, this.chance);
    this.childProcess = inTurns(childProcess, this.chance);
    this.coverage.process(process);
    this.tasks = new WorkQueue(TASKS_ACK_WAIT_MS, this, () => this.after(1, () => this.workers.forEach((worker) => worker.pull())));
    this.runs = new WorkQueue(RUNS_ACK_WAIT_MS, this, () => this.after(1, () => this.pokeExecutor()));
    this.window = anyWindow(this);
    this.executors = ['executor-1', 'executor-2'].map((name) => new Executor(this, name, 1));
    this.workers = ['worker-1', 'worker-2', 'worker-3'].map((name) => new Worker(this, name, []));
  }

  /** Does something later. */
  after(ms: number, work: () => void): void {
    this.agenda.add(this.now + ms, work);
  }

  /** Lets everything happen, to the end. Throws what is broken. */
  play(): void {
    const roughUntil = this.chance.between(...ROUGH_MS);
    // Runs that begin together are those that take each other's turns.
    const spread = this.chance.hits(0.5) ? 20 : 10_000;
    for (let run = 1, count = this.chance.between(1, 3); run <= count; run++) {
      this.after(this.chance.between(0, spread), () => this.people.start(`run ${run}`));
    }
    this.people.meddle(roughUntil);
    accidents(this, roughUntil);
    this.check();
    this.playUntil(() => this.now > roughUntil);
    this.faults = NO_FAULTS;
    this.calmSince = Math.max(this.now, ...this.executors.map(({ frozenUntil }) => frozenUntil));
    this.people.windUp();
    // What somebody asked before may come late, and open a run again.
    for (let rounds = 0; rounds === 0 || this.database.openRuns.length > 0; rounds++) {
      if (rounds > MOST_ROUNDS) throw new Error('runs that had ended go on again and again');
      this.playUntil(() => this.database.openRuns.length === 0);
      const end = this.now + AFTERWARDS_MS;
      this.playUntil(() => this.now > end);
    }
  }

  readonly anyExecutor = (): Executor | undefined => this.chance.pick(this.executors.filter(({ isAlive }) => isAlive));
  readonly anyWorker = (): Worker | undefined => this.chance.pick(this.workers.filter(({ isAlive }) => isAlive));

  /** Another executor takes a dead one's place after a while, perhaps of the next release. */
  replace(dead: Executor): void {
    this.after(this.chance.between(500, 8_000), () => {
      const release = this.chance.hits(0.3) ? 2 : dead.release;
      this.executors[this.executors.indexOf(dead)] = new Executor(this, dead.name, release);
    });
  }

  /** The same worker comes again after a while, in another session. */
  replaceWorker(dead: Worker): void {
    const succeeds = [...(this.sessions.get(dead.name) ?? []), dead.session];
    this.sessions.set(dead.name, succeeds);
    this.after(this.chance.between(500, 50_000), () => {
      this.workers[this.workers.indexOf(dead)] = new Worker(this, dead.name, this.chance.hits(0.5) ? succeeds : []);
    });
  }

  /** Tells a worker to stop an attempt. */
  cancel(session: string, { taskInstanceId, attempt }: Pick<Cancel, 'taskInstanceId' | 'attempt'>): void {
    this.network.send(() => this.worker(session)?.cancel(taskInstanceId, attempt));
  }

  /** Tells a worker that a result is stored. */
  confirm(session: string, event: FinishedEvent): void {
    this.network.send(() => this.worker(session)?.confirmed(event));
  }

  /** Whether a task may be started twice in one attempt, as its task type says. */
  isIdempotent(nodeId: string): boolean {
    return nodeId.charCodeAt(nodeId.length - 1) % 3 === 0;
  }

  private worker(session: string): Worker | undefined {
    return this.workers.find((worker) => worker.session === session && worker.isAlive && !worker.isCutOff);
  }

  private pokeExecutor(): void {
    const executor = this.anyExecutor();
    if (executor) executor.after(0, () => pullRuns(executor));
  }

  private check(): void {
    this.checks.look();
    this.after(CHECK_EVERY_MS, () => this.check());
  }

  private playUntil(isOver: () => boolean): void {
    const bound = this.now + BOUND_MS;
    for (let next = this.agenda.next; next !== undefined; next = this.agenda.next) {
      this.now = Math.max(this.now, next);
      if (isOver()) return;
      if (this.now > bound) throw new Error(`not everything has ended ${BOUND_MS / 1_000} s after the last fault`);
      this.agenda.take(this.now)?.();
    }
  }
}

/** Some processes take turns: under one key or two, with any policy. */
function inTurns(process: CompiledProcess, chance: Chance): CompiledProcess {
  if (!chance.hits(0.4)) return process;
  const key = { kind: 'literal', value: chance.hits(0.7) ? 'one' : 'other' } as const;
  return {
    ...process,
    concurrency: { key, limit: chance.between(1, 2), policy: chance.pick(SLOT_POLICIES) as (typeof SLOT_POLICIES)[number] },
  };
}
