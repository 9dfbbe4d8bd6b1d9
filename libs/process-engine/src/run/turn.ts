import type { Failure, Json, JsonObject, ValuePart } from '@orderlines/contracts';
import type { CompiledFlow, CompiledNode, CompiledProcess } from '../definition/compiled.js';
import type { RunConstants, Transition } from './transition.js';
import type { AttemptRow, Cancel, Changes, Fact, TaskInstanceRow, TaskInstanceUpdate } from './changes.js';
import type { AdvanceContext, StoredTask } from './context.js';
import { documentOf, type Ending, type Execution, type Mutable, type RunDocument, type Scope } from './document.js';
import type { ClaimAnswer, OperationAnswer } from './event.js';
import { columnsOf, type RowDetail } from './rows.js';
import type { Run } from './state.js';
import { childLinks } from './child-links.js';
import { signalWaitChanges } from './signal-waits.js';
import { Overlay } from './overlay.js';
import { Timers } from './timers.js';

/** Something that is left to do in this turn. */
export type Work =
  | { readonly do: 'move'; readonly scope: number }
  | { readonly do: 'begin'; readonly execution: string }
  | { readonly do: 'wake'; readonly execution: string }
  | { readonly do: 'lane-ended'; readonly execution: string; readonly scope: Scope; readonly ending: Ending };

/** Columns of a new row that never change. */
export type Birth = Omit<TaskInstanceRow, keyof TaskInstanceUpdate>;

interface Touched {
  execution: Mutable<Execution>;
  readonly birth?: Birth;
  detail: RowDetail;
}

/**
 * One event being applied to a run. Works on copies of what it touches, in a time that does not grow with the run, and
 * collects what must be written and carried out. Until {@link Turn.finish} the run that was given stays as it was.
 */
export class Turn {
  readonly run: Mutable<Run>;
  readonly work: Work[] = [];
  /** False when the event turned out to be repeated or late. */
  changed = true;
  readonly dispatch = new Set<string>();
  readonly cancel: Cancel[] = [];
  readonly attempts: AttemptRow[] = [];
  readonly facts: Fact[] = [];
  /** Bytes of stored values that expressions of this turn have looked into, by digest. */
  readonly opened = new Map<string, number>();
  /** Large parts of what this turn made, by digest. */
  readonly parts = new Map<string, ValuePart>();
  readonly timers: Timers;
  answer?: ClaimAnswer | OperationAnswer;

  private readonly document: Mutable<RunDocument>;
  private readonly scopes: Overlay<number, Scope>;
  private readonly executions: Overlay<string, Execution>;
  private readonly pausedBefore: boolean;
  private readonly ownScopes = new Map<number, Mutable<Scope>>();
  private readonly touched = new Map<string, Touched>();
  private readonly copies = new Map<string, TaskInstanceRow>();

  constructor(
    readonly process: CompiledProcess,
    readonly constants: RunConstants,
    before: Run,
    readonly context: AdvanceContext,
  ) {
    const document = documentOf(before);
    this.pausedBefore = before.status === 'PAUSED';
    this.run = { ...before };
    this.scopes = new Overlay<number, Scope>(document.scopes);
    this.executions = new Overlay(document.executions);
    this.timers = new Timers(document.timers, () => context.newId());
    this.document = { ...document };
  }

  get now(): number {
    return this.context.now;
  }

  /** A node that must exist: ids in the state come from this very version. */
  node(id: string): CompiledNode {
    const node = this.process.nodes.get(id);
    if (!node) throw new Error(`The process ${this.process.name} has no node ${id}.`);
    return node;
  }

  flow(owner: string | null, section: string): CompiledFlow | undefined {
    return this.process.flows.get(owner === null ? section : `${owner}/${section}`);
  }

  get paused(): RunDocument['paused'] {
    return this.document.paused;
  }

  set paused(value: RunDocument['paused']) {
    if (value) this.document.paused = value;
    else delete this.document.paused;
  }

  /** The root scope of a run that ended in FAILURE, as long as it can be opened again. */
  get ended(): Scope | undefined {
    return this.document.ended;
  }

  set ended(value: Scope | undefined) {
    if (value) this.document.ended = value;
    else delete this.document.ended;
  }

  get config(): JsonObject {
    return this.document.config ?? {};
  }

  set config(value: JsonObject) {
    this.document.config = value;
  }

  get debug(): RunDocument['debug'] {
    return this.document.debug;
  }

  set debug(value: RunDocument['debug']) {
    if (value) this.document.debug = value;
    else delete this.document.debug;
  }

  // Scopes

  findScope(id: number): Scope | undefined {
    return this.scopes.get(id);
  }

  /** The scope as a copy this turn may change. */
  scope(id: number): Mutable<Scope> {
    let own = this.ownScopes.get(id);
    if (!own) {
      const stored = this.scopes.get(id);
      if (!stored) throw new Error(`Scope ${id} is not open.`);
      own = { ...stored };
      this.ownScopes.set(id, own);
      this.scopes.set(id, own);
    }
    return own;
  }

  /** Reserves numbers for scopes and returns the first. */
  reserveScopes(count: number): number {
    const first = this.document.nextScope;
    this.document.nextScope += count;
    return first;
  }

  openScope(scope: Scope): void {
    const own = { ...scope };
    this.ownScopes.set(scope.id, own);
    this.scopes.set(scope.id, own);
  }

  removeScope(id: number): void {
    this.scopes.remove(id);
    this.ownScopes.delete(id);
  }

  openScopes(): readonly Scope[] {
    return Object.values(this.scopes.all());
  }

  /** Scopes that a container execution runs now. */
  scopesOf(execution: string): readonly Scope[] {
    return this.openScopes().filter((scope) => scope.container === execution);
  }

  // Executions

  findExecution(id: string): Execution | undefined {
    return this.executions.get(id);
  }

  openExecutions(): readonly Execution[] {
    return Object.values(this.executions.all());
  }

  /** Executions of nodes that stand in a scope itself, not deeper. */
  executionsIn(scope: number): readonly Execution[] {
    return this.openExecutions().filter((execution) => execution.scope === scope && !execution.callback);
  }

  /** The execution as a copy this turn may change; its row is written at the end. */
  execution(id: string): Mutable<Execution> {
    const touched = this.touched.get(id);
    if (touched) return touched.execution;
    const stored = this.executions.get(id);
    if (!stored) throw new Error(`Task instance ${id} is not open.`);
    const execution = { ...stored };
    this.touched.set(id, { execution, detail: {} });
    this.executions.set(id, execution);
    return execution;
  }

  /** Takes an execution that had ended back among those that go on. */
  reviveExecution(execution: Execution): Mutable<Execution> {
    this.executions.set(execution.id, execution);
    return this.execution(execution.id);
  }

  createExecution(execution: Execution, birth: Birth, detail: RowDetail = {}): Mutable<Execution> {
    const own = { ...execution };
    this.touched.set(own.id, { execution: own, birth, detail });
    this.executions.set(own.id, own);
    return own;
  }

  /** Adds what is written into the row beside its columns. */
  detail(id: string, detail: RowDetail): void {
    this.execution(id);
    const touched = this.touched.get(id);
    if (touched) touched.detail = { ...touched.detail, ...detail };
  }

  removeExecution(id: string): void {
    this.executions.remove(id);
  }

  /** Adds the row of an execution that another run has done. */
  copy(row: TaskInstanceRow): void {
    this.copies.set(row.id, row);
  }

  /** A task instance as it stands after this turn so far, or undefined when this turn has not written its result. */
  written(id: string): StoredTask | undefined {
    const copy = this.copies.get(id);
    if (copy) return storedCopy(copy);
    const touched = this.touched.get(id);
    if (!touched || (touched.detail.result === undefined && !touched.birth)) return undefined;
    return this.asStored(touched);
  }

  /** An execution that this turn has touched, as its row will be. */
  asItStands(id: string): StoredTask {
    this.execution(id);
    return this.asStored(this.touched.get(id) as Touched);
  }

  /** Arguments that this turn has written for a task instance. */
  inputWritten(id: string): Json | undefined {
    return this.touched.get(id)?.detail.input;
  }

  /** True when the task instance was made in this turn: no rows of it or under it can be stored yet. */
  wasBornHere(id: string): boolean {
    return this.copies.has(id) || this.touched.get(id)?.birth !== undefined;
  }

  /** Task instances of a container that were made in this turn, so no row of them can be loaded. */
  bornUnder(container: string): readonly StoredTask[] {
    const copies = [...this.copies.values()].filter(({ parentId }) => parentId === container).map(storedCopy);
    const made = [...this.touched.values()].filter((touched) => touched.birth?.parentId === container);
    return [...copies, ...made.map((touched) => this.asStored(touched))];
  }

  private asStored(touched: Touched): StoredTask {
    const columns = columnsOf(touched.execution, touched.detail);
    return {
      id: columns.id,
      nodeId: touched.execution.nodeId,
      parentId: touched.birth?.parentId ?? this.scopes.get(touched.execution.scope)?.container ?? null,
      scope: touched.execution.scope,
      visit: touched.execution.visit ?? 1,
      index: touched.birth ? touched.birth.index : (this.scopes.get(touched.execution.scope)?.index ?? null),
      status: columns.status,
      failed: columns.failed,
      result: touched.detail.result ?? null,
      error: touched.detail.error ?? null,
      attempt: columns.attempt,
      dispatch: columns.dispatch,
      worker: columns.worker,
      logChunks: touched.detail.logChunks ?? null,
      startedAt: columns.startedAt,
      finishedAt: columns.finishedAt,
    };
  }

  // Facts

  /** Tells the state of the run itself. */
  tellRun(): void {
    const { status, phase, error } = this.run;
    this.facts.push({ type: 'instance', status, phase, reason: error?.reason ?? null, message: error?.message ?? null });
  }

  /** Tells the state of a task instance. */
  tell(execution: Execution, path: string, failure?: Failure): void {
    const { id, nodeId, visit, attempt, status } = execution;
    this.facts.push({
      type: 'task',
      id,
      nodeId,
      path,
      visit: visit ?? 1,
      status,
      attempt,
      reason: failure?.reason ?? null,
      message: failure?.message ?? null,
    });
  }

  /** What came of it. */
  finish(): Transition {
    const rows = [...this.touched.values()];
    const pairs = rows.map(({ execution }) => [this.executions.original(execution.id), execution] as const);
    const changes: Changes = {
      created: [
        ...this.copies.values(),
        ...rows.flatMap(({ birth, execution, detail }) =>
          birth ? [{ timeoutMs: null, heartbeatTimeoutMs: null, input: null, ...birth, ...columnsOf(execution, detail) }] : [],
        ),
      ],
      updated: rows.flatMap(({ birth, execution, detail }) => (birth ? [] : [columnsOf(execution, detail)])),
      attempts: this.attempts,
      timersSet: this.timers.rows(),
      timersCleared: this.timers.cleared,
      dispatch: [...this.dispatch],
      cancel: this.cancel,
      signalWaits: signalWaitChanges(pairs),
      children: childLinks(pairs, this.pausedBefore === (this.run.status === 'PAUSED') ? [] : this.openExecutions()),
      facts: this.factsOfGeneration(),
      parts: [...this.parts.values()],
    };
    if (this.answer) changes.answer = this.answer;
    const takesOver = this.changed && this.context.takesOver === true;
    this.run.state = {
      ...this.document,
      scopes: this.scopes.applied(takesOver),
      executions: this.executions.applied(takesOver),
      timers: this.timers.applied(takesOver),
    };
    return { run: this.run, changes, changed: this.changed };
  }

  private factsOfGeneration(): readonly Fact[] {
    const { generation } = this.run;
    return generation === 1 ? this.facts : this.facts.map((fact) => ({ ...fact, generation }));
  }
}

const storedCopy = (row: TaskInstanceRow): StoredTask => ({
  ...row,
  result: row.result ?? null,
  error: row.error ?? null,
  logChunks: row.logChunks ?? null,
});
