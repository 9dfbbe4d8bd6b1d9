import { isObject } from '../../document.js';
import type { ClaimAnswer, FinishedEvent } from '../../event.js';
import { keepIn } from '../store.js';
import { anyFate, type Fate } from './fates.js';
import { answerHeartbeat, type Heartbeat, type HeartbeatAnswer } from './heartbeats.js';
import type { AttemptName, Outcome, TaskMessage } from './items.js';
import type { Delivery } from './work-queue.js';
import type { World } from './world.js';

const HEARTBEAT_MS = 5_000;
/** Without an answer for so long it stops what it runs, and is done with that well before its lease is out. */
const CUT_OFF_MS = 15_000;
const KILLED_WITHIN_MS = 8_000;
const CLAIM_GIVEN_UP_MS = 25_000;
const REPORTED_AGAIN_MS = 5_000;
const PULL_MS = 1_000;
const SLOTS = 4;

interface Attempt extends AttemptName {
  token: string;
  fate: Fate;
  isStopping: boolean;
  /** How it ended; it is kept until that is confirmed. */
  outcome?: FinishedEvent['outcome'];
}

/** A worker: takes tasks, asks for them, runs them, and says how they ended until that is confirmed. */
export class Worker {
  isAlive = true;
  isCutOff = false;
  readonly session: string;
  private frozenUntil = 0;
  private lastAnswer: number;
  private isAccepted = false;
  private claiming = 0;
  private readonly held = new Map<string, Attempt>();
  /** Claims whose attempts it has begun: a second copy of a task is granted to it as well. */
  private readonly begun = new Set<string>();

  constructor(
    readonly world: World,
    readonly name: string,
    private readonly succeeds: readonly string[],
  ) {
    this.session = world.database.ids.uuid();
    this.lastAnswer = world.now;
    this.beat();
    this.every(HEARTBEAT_MS, () => this.beat());
    this.every(PULL_MS, () => this.pull());
  }

  tell(what: () => string): void {
    this.world.story.tell(this.world.now, this.name, what);
  }

  /** Does something later, if it lives; if it stands still then, as soon as it goes on. */
  after(ms: number, work: () => void): void {
    this.world.after(ms, () => {
      if (!this.isAlive) return;
      if (this.frozenUntil > this.world.now) return this.after(this.frozenUntil - this.world.now, work);
      work();
    });
  }

  freeze(ms: number): void {
    this.tell(() => `stands still for ${ms / 1_000} s`);
    this.frozenUntil = this.world.now + ms;
  }

  cutOff(ms: number): void {
    this.tell(() => `is cut off for ${ms / 1_000} s`);
    this.isCutOff = true;
    this.world.after(ms, () => (this.isCutOff = false));
  }

  crash(): void {
    this.tell(() => 'dies');
    this.isAlive = false;
    this.world.replaceWorker(this);
  }

  /** Takes what fits, as long as there are free slots. */
  pull(): void {
    const hasAnswer = this.world.now - this.lastAnswer < CUT_OFF_MS;
    while (this.isAlive && !this.isCutOff && this.isAccepted && hasAnswer && this.frozenUntil <= this.world.now) {
      if (this.claiming + this.running.length >= SLOTS) return;
      const delivery = this.world.tasks.take(({ worker }) => worker === null || worker === this.name);
      if (!delivery) return;
      this.claiming += 1;
      this.after(this.world.chance.between(0, 3), () => this.claim(delivery, this.world.now));
    }
  }

  /** Hears that an attempt is to stop. */
  cancel(taskInstanceId: string, attempt: number): void {
    for (const held of this.running) if (held.taskInstanceId === taskInstanceId && held.attempt === attempt) this.stop(held, false);
  }

  /** Hears that a result is stored. */
  confirmed({ taskInstanceId, attempt, dispatch }: Omit<AttemptName, 'runId'>): void {
    for (const [key, held] of this.held) {
      if (held.outcome && held.taskInstanceId === taskInstanceId && held.attempt === attempt && held.dispatch === dispatch)
        this.held.delete(key);
    }
  }

  private get running(): Attempt[] {
    return [...this.held.values()].filter(({ outcome }) => !outcome);
  }

  private every(ms: number, work: () => void): void {
    this.after(ms, () => {
      work();
      this.every(ms, work);
    });
  }

  private request<Answer>(
    handle: Parameters<typeof this.world.network.request<Answer>>[0],
    settled: (answer: Answer | undefined) => void,
  ): void {
    this.world.network.request<Answer>(
      (executor, reply) => {
        if (!this.isCutOff) handle(executor, reply);
      },
      (answer) => this.after(0, () => settled(this.isCutOff ? undefined : answer)),
    );
  }

  private claim(delivery: Delivery<TaskMessage>, since: number): void {
    const { runId, taskInstanceId, attempt, dispatch } = delivery.payload;
    const { database, safeguards } = this.world;
    const nodeId = database.row({ runId, taskInstanceId })?.nodeId ?? '';
    const idempotent = this.world.isIdempotent(nodeId);
    const { session, name: worker } = this;
    if (!safeguards.has('claim') && since === this.world.now) this.start(delivery.payload, `unasked ${session} ${delivery.seq}`);
    const event = { kind: 'claim', taskInstanceId, attempt, dispatch, session, worker, idempotent } as const;
    this.request<Outcome>(
      (executor, reply) => executor.submit({ kind: 'event', runId, event, settle: reply }),
      (outcome) => this.claimed(delivery, since, outcome),
    );
  }

  private claimed(delivery: Delivery<TaskMessage>, since: number, outcome: Outcome | undefined): void {
    const { now, tasks, safeguards } = this.world;
    if (outcome === undefined || outcome.kind === 'unavailable') {
      if (now - since < CLAIM_GIVEN_UP_MS) return this.after(200, () => this.claim(delivery, since));
      this.claiming -= 1;
      return;
    }
    this.claiming -= 1;
    const answer = outcome.kind === 'done' ? (outcome.answer as ClaimAnswer | null) : null;
    if (!this.isCutOff) this.world.network.send(() => tasks.acknowledge(delivery));
    if (answer?.granted !== true) this.tell(() => `is refused ${delivery.payload.taskInstanceId}: ${answer?.refusal ?? outcome.kind}`);
    else if (safeguards.has('claim')) this.start(delivery.payload, answer.token);
    else this.named(delivery.payload, answer.token);
    this.pull();
  }

  /** Without the claim an attempt runs before its token is known. */
  private named({ taskInstanceId, attempt }: TaskMessage, token: string): void {
    for (const held of this.held.values()) if (held.taskInstanceId === taskInstanceId && held.attempt === attempt) held.token = token;
  }

  private start({ runId, taskInstanceId, attempt, dispatch }: TaskMessage, token: string): void {
    const { world } = this;
    if (this.begun.has(token)) return;
    this.begun.add(token);
    const row = world.database.row({ runId, taskInstanceId });
    const fate = anyFate(world.chance, row?.timeoutMs ?? null);
    const held: Attempt = { runId, taskInstanceId, attempt, dispatch, token, fate, isStopping: false };
    this.held.set(token, held);
    this.tell(() => `starts ${row?.path} (${taskInstanceId}) attempt ${attempt} dispatch ${dispatch}`);
    world.checks.started({ runId, taskInstanceId, attempt, dispatch }, token, row);
    this.after(fate.afterMs, () => this.finish(held, this.sentAhead(fate.outcome)));
  }

  /** What is large goes ahead of the result, which then only refers to it. */
  private sentAhead(outcome: FinishedEvent['outcome']): FinishedEvent['outcome'] {
    if (outcome.status !== 'SUCCESS' || !isObject(outcome.result) || outcome.result.big === undefined) return outcome;
    const big = keepIn(this.world.database.uploads, outcome.result.big);
    return { ...outcome, result: { ...outcome.result, big: { ...big } } };
  }

  private stop(held: Attempt, isForced: boolean): void {
    if (held.isStopping && !isForced) return;
    held.isStopping = true;
    if (held.fate.isDeaf && !isForced) return;
    this.after(this.world.chance.between(10, KILLED_WITHIN_MS), () => this.finish(held, { status: 'STOP' }));
  }

  private finish(held: Attempt, outcome: FinishedEvent['outcome']): void {
    if (held.outcome) return;
    held.outcome = outcome;
    this.tell(() => `ends ${held.taskInstanceId} attempt ${held.attempt}: ${outcome.status}`);
    this.report(held);
    this.pull();
  }

  /** Tells an executor; what is not answered goes to RUNS, and is repeated until it is confirmed. */
  private report(held: Attempt): void {
    const { runId, taskInstanceId, attempt, dispatch, token, outcome } = held;
    if (!outcome || !this.isHeld(held)) return;
    const event: FinishedEvent = { kind: 'finished', taskInstanceId, attempt, dispatch, token, outcome, worker: this.name };
    this.request<Outcome>(
      (executor, reply) => executor.submit({ kind: 'event', runId, event, settle: reply }),
      (answer) => {
        if (answer && answer.kind !== 'unavailable') return this.confirmed(held);
        const id = `${taskInstanceId} ${attempt} ${dispatch} ${token}`;
        if (!this.isCutOff)
          this.world.network.send(() => this.world.runs.publish(id, { kind: 'finished', runId, event, worker: this.session }));
        this.after(REPORTED_AGAIN_MS, () => this.report(held));
      },
    );
  }

  private isHeld(held: Attempt): boolean {
    return [...this.held.values()].includes(held);
  }

  private beat(): void {
    if (this.world.now - this.lastAnswer > CUT_OFF_MS) for (const held of this.running) this.stop(held, true);
    const beat: Heartbeat = {
      worker: this.name,
      session: this.session,
      held: [...this.held.values()].map((held) => ({ ...held, isFinished: held.outcome !== undefined })),
      succeeds: this.succeeds,
    };
    this.request<HeartbeatAnswer>(
      (executor, reply) => executor.after(0, () => reply(answerHeartbeat(executor, beat))),
      (answer) => answer && this.heard(answer),
    );
  }

  private heard({ isRefused, cancel, confirmed, unknown }: HeartbeatAnswer): void {
    this.isAccepted = !isRefused;
    if (isRefused) return;
    this.lastAnswer = this.world.now;
    for (const held of this.held.values()) {
      if (cancel.includes(held.token)) this.stop(held, false);
      if (unknown.includes(held.token)) this.stop(held, true);
    }
    for (const [key, held] of this.held) if (held.outcome && [...confirmed, ...unknown].includes(held.token)) this.held.delete(key);
    this.pull();
  }
}
