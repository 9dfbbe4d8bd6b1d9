import type { LargeValue } from '@orderlines/contracts';
import { RowsNeeded, type Transition } from '@orderlines/process-engine';
import type { HistoryEntry } from '../store/history.sql.js';
import type { ValueCopy } from '../store/large-values.sql.js';
import type { StoredOperation } from '../store/operations.sql.js';
import type { ParkedEvent } from '../store/parked-events.sql.js';
import type { MetSignal, SignalWork } from '../store/signals.sql.js';
import type { NeededRow, OfRun } from '../store/tasks.sql.js';
import {
  answerAgain,
  storedAnswer,
  type BatchItem,
  type EventItem,
  type LinkItem,
  type SlotItem,
  type AuditedRequest,
  type OperationKey,
  type Outcome,
  type SignalItem,
  type StartItem,
} from './batch-item.js';
import { nextStep } from './child-step.js';
import type { BatchSurroundings, RunInBatch } from './run-in-batch.js';

/** Facts in one history row; more are told in further rows, so that no message grows without bound. */
const FACTS_PER_ROW = 500;

/** What items that a batch makes itself have in common. */
const DERIVED = { bytes: 0, alone: false, waitsUntil: null, settle: () => undefined } as const;

/** Rows that expressions of the batch read. */
export interface NeededRows {
  readonly tasks: NeededRow[];
  readonly containers: NeededRow[];
  readonly values: OfRun<LargeValue>[];
}

/** The items of one transaction, the runs they change, and what becomes of them. */
export class Batch {
  readonly runs = new Map<string, RunInBatch>();
  /** Runs whose earlier event is parked. */
  readonly held = new Set<string>();
  readonly parked: ParkedEvent[] = [];
  /** Parked events that were applied or dropped. */
  readonly released: string[] = [];
  readonly operations: StoredOperation[] = [];
  /** Requests of people that are done. */
  readonly audited: AuditedRequest[] = [];
  readonly signals: SignalItem[] = [];
  /** Large values that one run gets from another. */
  readonly copies: ValueCopy[] = [];
  private readonly outcomes = new Map<BatchItem, Outcome>();
  /** Items that have yet to be applied, by run, in the order they came. */
  private readonly waiting = new Map<string, EventItem[]>();
  /** The first item of each key in this batch; later ones get its answer. */
  private readonly leaders = new Map<string, { readonly item: BatchItem; readonly hash: string }>();
  private readonly followers: { readonly item: BatchItem; readonly leader: BatchItem }[] = [];

  constructor(
    readonly items: readonly BatchItem[],
    readonly surroundings: BatchSurroundings,
  ) {}

  /** Notes what became of an item; the first word counts. */
  conclude(item: BatchItem, outcome: Outcome): void {
    if (!this.outcomes.has(item)) this.outcomes.set(item, outcome);
  }

  /** True when the item needs nothing more: its key is known, or another item of the batch has it. */
  answeredByKey(item: EventItem | StartItem | SignalItem, stored: ReadonlyMap<string, StoredOperation>): boolean {
    const { key } = item;
    if (key === undefined) return false;
    const known = stored.get(key.key);
    if (known !== undefined) {
      const same = known.requestHash === key.requestHash;
      this.conclude(item, same ? { kind: 'done', answer: answerAgain(known.answer) } : { kind: 'key-reused' });
      return true;
    }
    const leader = this.leaders.get(key.key);
    if (leader === undefined) {
      this.leaders.set(key.key, { item, hash: key.requestHash });
      return false;
    }
    if (leader.hash === key.requestHash) this.followers.push({ item, leader: leader.item });
    else this.conclude(item, { kind: 'key-reused' });
    return true;
  }

  /** Looks at a run and the one that asked for it; a new run is put to the starts. */
  look(item: LinkItem, starts: StartItem[]): void {
    const step = nextStep(item, this.runs.get(item.parentId), this.runs.get(item.instanceId));
    if (step === null) return this.conclude(item, { kind: 'done', answer: null });
    this.copies.push(...step.copies);
    if ('request' in step)
      starts.push(this.follow(item, { kind: 'start', instanceId: item.instanceId, request: step.request, ...DERIVED }));
    else this.enqueue(this.follow(item, { kind: 'event', instanceId: step.instanceId, event: step.event, ...DERIVED }));
  }

  /** Puts what follows from looks at concurrency keys into the lines of the runs. */
  judge(judged: ReadonlyMap<SlotItem, Pick<EventItem, 'instanceId' | 'event'> | null>): void {
    for (const [item, event] of judged) {
      if (event === null) this.conclude(item, { kind: 'done', answer: null });
      else this.enqueue(this.follow(item, { kind: 'event', ...event, ...DERIVED }));
    }
  }

  /** What becomes of an item is what becomes of the one that was made from it. */
  private follow<Leader extends StartItem | EventItem>(item: BatchItem, leader: Leader): Leader {
    this.followers.push({ item, leader });
    return leader;
  }

  /** Puts an event in its run's line. */
  enqueue(item: EventItem): void {
    if (this.held.has(item.instanceId) && item.event.kind !== 'operation' && item.releases === undefined)
      return this.conclude(item, { kind: 'held' });
    if (!this.runs.has(item.instanceId)) {
      if (item.releases !== undefined) this.released.push(item.releases);
      return this.conclude(item, { kind: 'missing' });
    }
    const line = this.waiting.get(item.instanceId);
    if (line === undefined) this.waiting.set(item.instanceId, [item]);
    else line.push(item);
  }

  /** What the batch does to signals and to the waits for them. */
  signalWork(): SignalWork {
    const runs = this.changedRuns();
    return {
      sent: this.signals.map(({ signal }) => signal),
      opened: runs.flatMap(({ identity: { id, namespace }, waitsOpened }) =>
        [...waitsOpened.values()].map((row) => ({ instanceId: id, row: { ...row, namespace } })),
      ),
      closed: runs.flatMap(({ identity, waitsClosed }) => waitsClosed.map((row) => ({ instanceId: identity.id, row }))),
    };
  }

  /** Answers who sent signals: some have met the wait they are for. */
  answerSignals(met: readonly MetSignal[]): void {
    const meetings = new Map(met.map((meeting) => [meeting.signalId, meeting]));
    for (const item of this.signals) {
      const { instanceId = null, taskInstanceId = null } = meetings.get(item.signal.id) ?? {};
      const answer = { signalId: item.signal.id, instanceId, taskInstanceId, repeated: false };
      this.conclude(item, { kind: 'done', answer });
      this.remember(item.key, instanceId, answer);
    }
  }

  /** Makes a new run. */
  start(item: StartItem, run: RunInBatch): void {
    let started: Transition;
    try {
      started = run.apply(run.startEvent(item.request));
    } catch (error) {
      return this.conclude(item, { kind: 'failed', error });
    }
    this.runs.set(run.identity.id, run);
    const answer = { instanceId: run.identity.id, number: run.identity.number, status: started.run.status, repeated: false };
    this.conclude(item, { kind: 'done', answer });
    this.remember(item.key, item.instanceId, answer);
  }

  /** Applies events until done or until rows are needed; returns those rows, or null at the end. */
  advance(): NeededRows | null {
    const needed: NeededRows = { tasks: [], containers: [], values: [] };
    for (const [instanceId, line] of this.waiting) {
      const run = this.runs.get(instanceId);
      const rows = run === undefined ? null : this.advanceRun(run, line);
      if (rows === null) {
        this.waiting.delete(instanceId);
        run?.forgetValues();
        continue;
      }
      needed.tasks.push(...rows.taskInstanceIds.map((id) => ({ instanceId, id })));
      needed.values.push(...rows.values.map((row) => ({ instanceId, row })));
      needed.containers.push(...rows.containerIds.map((id) => ({ instanceId, id })));
    }
    return this.waiting.size === 0 ? null : needed;
  }

  private advanceRun(run: RunInBatch, line: EventItem[]): RowsNeeded | null {
    for (let item = line[0]; item !== undefined; item = line[0]) {
      try {
        const answer = run.apply(item.event).changes.answer ?? null;
        this.conclude(item, { kind: 'done', answer });
        if (item.releases !== undefined) this.released.push(item.releases);
        if (answer !== null && 'accepted' in answer) this.remember(item.key, item.instanceId, answer);
      } catch (error) {
        if (error instanceof RowsNeeded) return error;
        this.conclude(item, { kind: 'failed', error });
        for (const later of line.slice(1)) this.conclude(later, { kind: 'unavailable' });
        return null;
      }
      line.shift();
    }
    return null;
  }

  private remember(key: OperationKey | undefined, instanceId: string | null, answer: Parameters<typeof storedAnswer>[0]): void {
    if (key === undefined) return;
    const { audited, ...identity } = key;
    this.operations.push({ ...identity, instanceId, answer: storedAnswer(answer) });
    if (!('accepted' in answer) || answer.accepted) this.audited.push(withResult(audited, answer));
  }

  /** Runs that have to be written. */
  changedRuns(): RunInBatch[] {
    return [...this.runs.values()].filter((run) => run.changed);
  }

  /** History rows of a changed run: one a transition, more only when it has very many facts. */
  historyOf(run: RunInBatch): HistoryEntry[] {
    const rows = Math.max(1, Math.ceil(run.facts.length / FACTS_PER_ROW));
    return Array.from({ length: rows }, (_, position) => {
      const facts = run.facts.slice(position * FACTS_PER_ROW, (position + 1) * FACTS_PER_ROW);
      return { instanceId: run.identity.id, seq: run.seq + 1 + position, at: this.surroundings.now, facts, text: JSON.stringify(facts) };
    });
  }

  /** What became of every item, once the batch is committed. */
  settlements(): (readonly [BatchItem, Outcome])[] {
    for (const { item, leader } of this.followers) {
      const outcome = this.outcomes.get(leader) ?? { kind: 'unavailable' };
      const started = outcome.kind === 'done' && outcome.answer !== null && 'repeated' in outcome.answer;
      this.conclude(item, started ? { kind: 'done', answer: { ...outcome.answer, repeated: true } } : outcome);
    }
    return this.items.map((item) => [item, this.outcomes.get(item) ?? { kind: 'unavailable' }]);
  }
}

/** A start says which run it has made. */
const withResult = ({ entry, origin }: AuditedRequest, answer: object): AuditedRequest =>
  'number' in answer && 'instanceId' in answer
    ? { origin, entry: { ...entry, after: { ...entry.after, instance: answer.instanceId, number: answer.number } } }
    : { origin, entry };
