import {
  digestOf,
  guardedPieces,
  isGuarded,
  isTerminalProcess,
  type Json,
  maskGuarded,
  readGuardedPiece,
  referencesIn,
} from '@orderlines/contracts';
import type { CompiledProcess } from '../../../definition/compiled.js';
import type { Changes, TaskInstanceRow } from '../../changes.js';
import { documentOf, isObject, own } from '../../document.js';
import type { SlotEvent } from '../../event.js';
import type { Run } from '../../state.js';
import { misplacedTokens } from '../conserved.js';
import type { RunStore } from '../store.js';
import { unexplained } from '../unexplained.js';
import type { Applied } from './batch.js';
import { ancestorsOf, openRows, type StoredRun } from './database.js';
import { LARGE } from './fates.js';
import type { AttemptName } from './items.js';
import { LEASE_MS } from './lease.js';
import { holders, slotRuns } from './slots.js';
import type { World } from './world.js';

/** Something that must never be true was. */
export class Broken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Broken';
  }
}

/** Nothing active is without a live worker for longer than this. */
const UNHELD_MS = 2 * LEASE_MS + 10_000;
/** When nothing goes wrong any more, every run moves at least so often. */
const QUIET_MS = 300_000;

/** What must hold after every step of a simulation; whatever does not is thrown as {@link Broken}. */
export class Checks {
  private readonly starts = new Map<string, number>();
  private readonly grants = new Set<string>();
  private readonly applied = new Set<string>();
  /** Runs that were told to stop, and when. */
  private readonly stopped = new Map<string, number>();

  constructor(private readonly world: World) {}

  /** Runs a step; a fault of the engine in it is a broken invariant too. */
  guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (error instanceof Broken) throw error;
      throw new Broken(`the engine fails: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  /** A transaction that has read a run writes it. */
  committing(run: StoredRun, base: RunStore, next: RunStore): void {
    const current = this.world.database.runs.get(run.id);
    if (current && current.store !== base)
      throw new Broken(
        `history of ${run.name}: seq ${base.history.length + 1} is written twice, ${next.history.length - base.history.length} entries replace others`,
      );
  }

  /** One transition has become true. */
  committed({ stored, before, event, transition }: Applied): void {
    const { run, changes } = transition;
    this.world.coverage.event(event);
    const wrong = [
      ...misplacedTokens(run),
      ...unexplained(stored.store.process, run).map((each) => `${each} waits for nothing that is named`),
    ];
    if (wrong.length > 0) throw new Broken(`${stored.name} after ${event.kind}: ${wrong.join('; ')}`);
    if (run.generation > (before?.generation ?? 1)) this.stopped.delete(stored.id);
    if (
      event.kind === 'operation' &&
      event.operation.name === 'stop' &&
      !('taskInstanceId' in event.operation) &&
      changes.answer &&
      'accepted' in changes.answer &&
      changes.answer.accepted
    )
      this.stopped.set(stored.id, this.stopped.get(stored.id) ?? this.world.now);
    if (event.kind === 'claim' && changes.answer && 'granted' in changes.answer && changes.answer.granted) {
      this.grants.add(changes.answer.token);
      this.mayStart(stored, event.taskInstanceId, before);
    }
    for (const id of changes.dispatch) this.mayStart(stored, id, run);
    if (event.kind === 'deadline') this.timedOut(stored, event.taskInstanceId, before);
    if (event.kind === 'slot') this.decided(stored, event, before);
    this.made(stored, changes);
    if (event.kind === 'finished') this.finished(stored, event.taskInstanceId, event, before);
  }

  /** What a key gives and takes: no more runs than its limit hold a slot, apart from those that share one. */
  private decided(stored: StoredRun, { verdict }: SlotEvent, before: Run | null): void {
    const { policy, limit, key } = before?.slot ?? {};
    this.world.coverage.count(
      'concurrency',
      `${policy}: ${verdict.what === 'ended' ? `${verdict.status} ${before?.phase}` : verdict.what}`,
    );
    if (verdict.what !== 'granted') return;
    const { database } = this.world;
    const others = slotRuns(database).filter((run) => run.key === key && run.id !== stored.id);
    const held = holders(others);
    const shares = ancestorsOf(database, stored).some((id) => others.some((run) => run.id === id && run.phase !== 'queued'));
    if (!shares && held.length >= (limit ?? 0))
      throw new Broken(`${stored.name} begins although ${held.length} others hold the key ${key}`);
  }

  /** What rows refer to is stored, and what stands for a secret stands there whole. */
  private made({ name, store }: StoredRun, { created, updated }: Changes): void {
    for (const { input, result } of [...created, ...updated]) {
      for (const value of [input ?? null, result ?? null]) {
        for (const reference of referencesIn(value))
          if ('$ref' in reference && !store.values.has(digestOf(reference)))
            throw new Broken(`a row of ${name} refers to what is not stored`);
        const text = JSON.stringify(value);
        if (isGuarded(maskGuarded(text)) || (isGuarded(text) && guardedPieces(value).some((piece) => readGuardedPiece(piece) === null)))
          throw new Broken(`a row of ${name} holds a part of what stands for a secret`);
      }
      this.countValues(input ?? null);
    }
  }

  private countValues(input: Json): void {
    const { coverage } = this.world;
    if (isObject(input) && typeof input.n === 'number' && input.n >= LARGE) coverage.count('values', 'large value looked into');
    if (!referencesIn(input).next().done) coverage.count('values', 'large value passed on');
    for (const piece of guardedPieces(input)) coverage.count('values', `secret: ${readGuardedPiece(piece)?.kind}`);
  }

  /** A worker starts an attempt. */
  started(name: AttemptName, token: string, row: TaskInstanceRow | undefined): void {
    const { world } = this;
    const run = world.database.runs.get(name.runId);
    if (world.safeguards.has('claim') && !this.grants.has(token))
      throw new Broken(`${row?.path ?? name.taskInstanceId} attempt ${name.attempt} starts, and no row says that it was granted`);
    const stoppedAt = this.stopped.get(name.runId);
    if (
      !world.safeguards.has('claim') &&
      run &&
      stoppedAt !== undefined &&
      row?.kind === 'node' &&
      !isInTeardown(run.store.process, row.nodeId)
    )
      throw new Broken(`${row.path} starts although ${run.name} was stopped`);
    const key = `${name.taskInstanceId}.${name.attempt}`;
    const starts = (this.starts.get(key) ?? 0) + 1;
    this.starts.set(key, starts);
    if (starts > 1 && row && run && !this.mayRunTwice(run, row))
      throw new Broken(`${row.path} (${name.taskInstanceId}) is not idempotent, and its attempt ${name.attempt} is started twice`);
  }

  /** The node says so, or else the task type of the worker; callbacks say nothing. */
  private mayRunTwice({ store }: StoredRun, { nodeId, kind }: TaskInstanceRow): boolean {
    const node = kind === 'callback' ? undefined : store.process.nodes.get(nodeId);
    return (node?.type === 'task' ? node.idempotent : undefined) ?? this.world.isIdempotent(nodeId);
  }

  /** Whether something moves or says why not; asked over and over. */
  look(): void {
    const { now, database, calmSince } = this.world;
    for (const run of database.openRuns) {
      for (const { status, session, startedAt, path } of openRows(run.store)) {
        if (status !== 'RUNNING' || session === null) continue;
        const heard = Math.max(database.sessions.get(session)?.seenAt ?? 0, startedAt ?? 0, calmSince ?? now);
        if (now - heard > UNHELD_MS)
          throw new Broken(`${path} of ${run.name} is RUNNING, and its worker was not heard of for ${(now - heard) / 1_000} s`);
      }
      if (calmSince !== null && now - Math.max(calmSince, run.movedAt) > QUIET_MS)
        throw new Broken(`${run.name} does not move: ${standing(run)}`);
    }
  }

  /** After a stop only teardown and callbacks begin, during a pause only callbacks. */
  private mayStart(stored: StoredRun, taskInstanceId: string, run: Run | null): void {
    const row = stored.store.tasks.get(taskInstanceId);
    if (!row || row.kind === 'callback') return;
    if (run?.status === 'PAUSED') throw new Broken(`${row.path} begins although ${stored.name} is paused`);
    if (this.stopped.has(stored.id) && !isInTeardown(stored.store.process, row.nodeId))
      throw new Broken(`${row.path} begins although ${stored.name} was stopped`);
  }

  /** A result that lay in RUNS before the time was out wins against the time-out. */
  private timedOut(stored: StoredRun, taskInstanceId: string, before: Run | null): void {
    const { token, deadlineAt } = (before && own(documentOf(before).executions, taskInstanceId)) ?? {};
    if (token === undefined || deadlineAt === undefined) return;
    const isThere = this.world.runs.until(deadlineAt).some((message) => message.kind === 'finished' && message.event.token === token);
    if (isThere) throw new Broken(`${taskInstanceId} in ${stored.name} is timed out although its result came in time`);
  }

  /** A result counts once, and only for the attempt it is of. */
  private finished(
    stored: StoredRun,
    taskInstanceId: string,
    said: { readonly attempt: number; readonly token: string },
    before: Run | null,
  ): void {
    const execution = before && own(documentOf(before).executions, taskInstanceId);
    if (this.applied.has(said.token)) throw new Broken(`the result of ${taskInstanceId} attempt ${said.attempt} is applied twice`);
    this.applied.add(said.token);
    if (execution && (execution.token !== said.token || execution.attempt !== said.attempt))
      throw new Broken(
        `a result of attempt ${said.attempt} of ${taskInstanceId} in ${stored.name} is applied to attempt ${execution.attempt}`,
      );
  }
}

function standing({ store }: StoredRun): string {
  const rows = openRows(store).map(({ path, status, waitsFor, worker }) => `${path} ${status} ${JSON.stringify(waitsFor)} ${worker ?? ''}`);
  return `${store.run?.status} ${isTerminalProcess(store.run?.status ?? 'RUNNING') ? 'with callbacks' : ''} ${rows.join('; ')}`;
}

/** True for nodes of a teardown, at whatever depth. */
export function isInTeardown(process: CompiledProcess, nodeId: string): boolean {
  const flow = process.flows.get(process.nodes.get(nodeId)?.flow ?? '');
  return flow !== undefined && (flow.section === 'teardown' || (flow.owner !== null && isInTeardown(process, flow.owner)));
}
