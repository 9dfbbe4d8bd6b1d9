import { computed, DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { isTerminalProcess, type InstanceDetail, type ProcessStatus, type TaskStatus, type TaskView } from '@orderlines/contracts';
import { Api, Live, toProblem, type ApiProblem, type RunNews } from '@orderlines/console/api';
import type { ProcessDocument } from '@orderlines/process-engine';
import { drawFlow } from './flow-drawing.js';
import { nodeStatusOf } from './node-status.js';

/** What is known live of a task instance before the run is read again. */
interface TaskFact {
  readonly type: 'task';
  readonly id: string;
  readonly status: TaskStatus;
  readonly attempt: number;
}

interface InstanceFact {
  readonly type: 'instance';
  readonly status: ProcessStatus;
}

/** A run of many nodes is read again less often: its facts are shown at once in between. */
const READ_AGAIN_MS = 400;
const READ_LARGE_AGAIN_MS = 2_500;
const LARGE = 300;

/** How all executions of one node stand together. */
export interface NodeState {
  readonly status: TaskStatus;
  readonly count: number;
  readonly tasks: readonly TaskView[];
}

/** One run as its page shows it: read once, then followed live. */
@Injectable()
export class RunState {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly destroyed = inject(DestroyRef);

  readonly id = signal<string | undefined>(undefined);
  private readonly read = signal<InstanceDetail | undefined>(undefined);
  private readonly facts = signal<ReadonlyMap<string, TaskFact>>(new Map());
  private readonly statusFact = signal<ProcessStatus | undefined>(undefined);
  readonly document = signal<ProcessDocument | undefined>(undefined);
  readonly problem = signal<ApiProblem | undefined>(undefined);
  readonly selectedNode = signal<string | undefined>(undefined);
  readonly selectedTask = signal<string | undefined>(undefined);
  /** Ticks while the run goes on, for what shows how long something takes. */
  readonly now = signal(Date.now());

  readonly run = computed((): InstanceDetail | undefined => {
    const run = this.read();
    const facts = this.facts();
    const status = this.statusFact() ?? run?.status;
    if (!run || !status || (facts.size === 0 && status === run.status)) return run;
    return { ...run, status, tasks: run.tasks.map((task) => withFact(task, facts.get(task.id))) };
  });
  readonly isLive = computed(() => {
    const run = this.run();
    return run !== undefined && !isTerminalProcess(run.status);
  });
  readonly drawing = computed(() => {
    const document = this.document();
    return document && drawFlow(document);
  });
  /** Executions of nodes by node, items of a foreach left aside. */
  readonly states = computed((): ReadonlyMap<string, NodeState> => {
    const executions = Map.groupBy(
      (this.run()?.tasks ?? []).filter(({ kind }) => kind === 'node'),
      ({ nodeId }) => nodeId,
    );
    return new Map([...executions].map(([nodeId, tasks]) => [nodeId, stateOf(tasks)] as const));
  });
  readonly task = computed(() => {
    const tasks = this.run()?.tasks ?? [];
    const chosen = this.selectedTask();
    const node = this.selectedNode();
    return tasks.find(({ id }) => id === chosen) ?? (node === undefined ? undefined : this.states().get(node)?.tasks.at(-1));
  });
  readonly progress = computed(() => {
    const leaves = (this.drawing()?.nodes ?? []).filter(({ isContainer }) => !isContainer);
    const done = leaves.filter(({ id }) => ['SUCCESS', 'SKIP', 'FAILURE', 'STOP'].includes(this.states().get(id)?.status ?? '')).length;
    if (this.run() && !this.isLive()) return 100;
    return leaves.length === 0 ? 0 : Math.round((100 * done) / leaves.length);
  });

  private unwatch: (() => void) | undefined;
  /** The end of the run was told: a repair may open it again. */
  private hasEnded = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private reading: AbortController | undefined;

  constructor() {
    const clock = setInterval(() => this.isLive() && this.now.set(Date.now()), 1_000);
    this.destroyed.onDestroy(() => {
      clearInterval(clock);
      this.leave();
    });
    effect(() => {
      const id = this.id();
      untracked(() => (id === undefined ? this.leave() : void this.enter(id)));
    });
    // A run that has ended is told of no more, until somebody opens it again.
    effect(() => {
      const changed = this.live.latest();
      const id = untracked(this.id);
      if (id !== undefined && this.hasEnded && changed?.runs.includes(id)) void untracked(() => this.refresh());
    });
  }

  /** Chooses a node, and of its executions the newest or the one that is named. */
  select(nodeId: string, taskId?: string): void {
    this.selectedNode.set(nodeId);
    this.selectedTask.set(taskId);
  }

  /** Reads the run again, at once. */
  async refresh(): Promise<void> {
    const id = this.id();
    if (id === undefined) return;
    clearTimeout(this.again);
    this.again = undefined;
    this.reading?.abort();
    this.reading = new AbortController();
    try {
      const run = await this.api.call('GET instances/:id', { id, signal: this.reading.signal });
      this.read.set(run);
      if (this.hasEnded && !isTerminalProcess(run.status)) this.watch(id);
      this.facts.set(new Map());
      this.statusFact.set(undefined);
      this.now.set(Date.now());
      this.problem.set(undefined);
    } catch (error) {
      if (!this.reading.signal.aborted) this.problem.set(toProblem(error));
    }
  }

  private async enter(id: string): Promise<void> {
    this.leave();
    this.read.set(undefined);
    this.document.set(undefined);
    this.selectedNode.set(undefined);
    this.selectedTask.set(undefined);
    await this.refresh();
    const run = this.read();
    if (!run || this.id() !== id) return;
    const failed = run.tasks.findLast(({ failed, kind }) => failed && kind === 'node') ?? run.tasks.findLast(({ kind }) => kind === 'node');
    if (failed) this.select(failed.nodeId);
    this.watch(id);
    try {
      const version = await this.api.call('GET processes/:id/versions/:number', { id: run.processId, number: run.version });
      this.document.set(version.document as ProcessDocument);
    } catch (error) {
      this.problem.set(toProblem(error));
    }
  }

  private watch(id: string): void {
    this.unwatch?.();
    this.hasEnded = false;
    this.unwatch = this.live.watch(id, 0, (news) => this.hear(news));
  }

  private leave(): void {
    this.unwatch?.();
    this.unwatch = undefined;
    clearTimeout(this.again);
    this.again = undefined;
    this.reading?.abort();
  }

  private hear(news: RunNews): void {
    if (news.kind === 'ended') this.hasEnded = true;
    if (news.kind === 'facts') this.note(news.facts as unknown as readonly (TaskFact | InstanceFact)[], Date.parse(news.at));
    const large = (this.read()?.tasks.length ?? 0) > LARGE;
    this.again ??= setTimeout(() => void this.refresh(), large && news.kind !== 'ended' ? READ_LARGE_AGAIN_MS : READ_AGAIN_MS);
  }

  private note(facts: readonly (TaskFact | InstanceFact)[], at: number): void {
    const readAt = this.now();
    // What the run told before it was read stands in it already.
    if (at < readAt - READ_LARGE_AGAIN_MS) return;
    const known = new Map(this.facts());
    for (const fact of facts) {
      if (fact.type === 'task') known.set(fact.id, fact);
      else if (fact.type === 'instance') this.statusFact.set(fact.status);
    }
    this.facts.set(known);
  }
}

const stateOf = (tasks: readonly TaskView[]): NodeState => ({
  status: nodeStatusOf(new Set(tasks.map(({ status }) => status))),
  count: tasks.length,
  tasks,
});

const withFact = (task: TaskView, fact: TaskFact | undefined): TaskView =>
  fact && fact.attempt >= task.attempt ? { ...task, status: fact.status, attempt: fact.attempt } : task;
