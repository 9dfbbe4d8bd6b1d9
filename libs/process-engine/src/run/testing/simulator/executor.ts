import { Batch } from './batch.js';
import { carryOut } from './aftermath.js';
import { startInputs } from './inputs.js';
import type { Item, LinkItem } from './items.js';
import { ReleaseWindow } from './release-window.js';
import { startSweeper } from './sweeper.js';
import type { World } from './world.js';

/** A transaction whose connection says nothing for so long is rolled back by the database. */
const IDLE_IN_TRANSACTION_MS = 5_000;
const LOCK_TIMEOUT_MS = 2_000;
/** It looks for room in TASKS so often, besides after each batch. */
const RELEASE_MS = 1_000;
/** Events in one batch at most. */
const MOST_EVENTS = 6;
/** Time after an outage in which nothing fires that it could have caused. */
const SETTLED_AFTER_MS = 30_000;

/** An executor: takes what comes into batches, one after the other. */
export class Executor {
  isAlive = true;
  connectedSince: number;
  /** What it has published and when, by attempt: its sweeper leaves that alone for a while. */
  readonly published = new Map<string, number>();
  readonly window: ReleaseWindow;
  /** Until then it stands still. */
  frozenUntil = 0;
  private inbox: Item[] = [];
  private isWorking = false;

  constructor(
    readonly world: World,
    readonly name: string,
    /** Release of the software it runs. */
    readonly release: number,
  ) {
    this.connectedSince = world.now;
    this.window = new ReleaseWindow(world, (ms, work) => this.after(ms, work));
    this.every(RELEASE_MS, () => this.window.release());
    startInputs(this);
    startSweeper(this);
  }

  /** It has been able to hear for so long that everybody who had something to say has said it. */
  get isSettled(): boolean {
    return this.world.now - this.connectedSince >= SETTLED_AFTER_MS;
  }

  tell(what: () => string): void {
    this.world.story.tell(this.world.now, this.name, what);
  }

  submit(item: Item): void {
    this.inbox.push(item);
    this.work();
  }

  /** Looks at a run and the one that asked for it. */
  look(link: Omit<LinkItem, 'kind' | 'settle'>, settle: LinkItem['settle'] = () => undefined): void {
    this.submit({ kind: 'link', ...link, settle });
  }

  /** Does something later, if it lives; if it stands still then, as soon as it goes on. */
  after(ms: number, work: () => void): void {
    this.world.after(ms, () => {
      if (!this.isAlive) return;
      if (this.frozenUntil > this.world.now) return this.after(this.frozenUntil - this.world.now, work);
      work();
    });
  }

  /** Does something over and over while it lives. */
  every(ms: number, work: () => void): void {
    this.after(ms, () => {
      work();
      this.every(ms, work);
    });
  }

  freeze(ms: number): void {
    this.tell(() => `stands still for ${ms / 1_000} s`);
    this.frozenUntil = this.world.now + ms;
    this.after(0, () => (this.connectedSince = this.world.now));
  }

  crash(): void {
    this.tell(() => 'dies');
    this.isAlive = false;
    this.world.replace(this);
  }

  private work(): void {
    if (this.isWorking || this.inbox.length === 0) return;
    this.isWorking = true;
    this.after(this.world.chance.between(0, 5), () => {
      const count = this.world.chance.between(1, MOST_EVENTS);
      const batch = new Batch(this.inbox.splice(0, count), this.world, this.writtenRelease);
      this.locked(batch, this.world.now + LOCK_TIMEOUT_MS);
    });
  }

  /** Until every executor reads the new shape, the old one is written. */
  private get writtenRelease(): number {
    return Math.min(...this.world.executors.map(({ release }) => release));
  }

  private locked(batch: Batch, until: number): void {
    const isNewer = batch.lockedIds.some((id) => (this.world.database.runs.get(id)?.release ?? 0) > this.release);
    if (isNewer || this.world.now > until) {
      if (isNewer) this.tell(() => 'hands back what a newer release has written');
      return this.over(batch, false);
    }
    if (!batch.lock()) return this.after(this.world.chance.between(5, 50), () => this.locked(batch, until));
    // The database ends what takes too long, whether its executor lives or not.
    this.world.after(IDLE_IN_TRANSACTION_MS, () => {
      batch.isBroken = true;
      batch.end();
    });
    this.after(this.world.chance.between(1, 10), () => this.advance(batch));
  }

  private advance(batch: Batch): void {
    if (batch.isBroken) return this.over(batch, false);
    this.world.checks.guard(() => batch.advance());
    this.mayFail();
    if (this.world.safeguards.has('commit before publish')) return this.after(this.world.chance.between(1, 10), () => this.commit(batch));
    carryOut(this, batch);
    batch.settle(true);
    this.mayFail();
    this.after(this.world.chance.between(1, 10), () => this.commit(batch));
  }

  private commit(batch: Batch): void {
    if (batch.isBroken) return this.over(batch, false);
    this.world.checks.guard(() => batch.commit());
    batch.end();
    for (const { stored, event } of batch.applied) this.tell(() => `commits ${describe(event)} of ${stored.name}`);
    this.mayFail();
    this.after(this.world.chance.between(0, 3), () => {
      if (this.world.safeguards.has('commit before publish')) carryOut(this, batch);
      this.mayFail();
      this.after(0, () => this.over(batch, true));
    });
  }

  private over(batch: Batch, commits: boolean): void {
    batch.end();
    this.window.release();
    batch.settle(commits);
    this.isWorking = false;
    this.work();
  }

  /** One of the points at which an executor may die or stand still. */
  private mayFail(): void {
    const { chance, faults } = this.world;
    if (chance.hits(faults.crash)) this.crash();
    else if (chance.hits(faults.freeze)) this.freeze(chance.between(100, 40_000));
  }
}

function describe(event: Batch['applied'][number]['event']): string {
  const { kind, ...rest } = event;
  if (kind === 'start') return 'the start';
  return `${kind} ${JSON.stringify(rest)}`;
}
