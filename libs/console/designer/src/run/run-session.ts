import { computed, inject, Injectable, signal, type OnDestroy } from '@angular/core';
import {
  isTerminalProcess,
  type DebugAction,
  type InstanceDetail,
  type JsonObject,
  type LogLine,
  type TaskView,
} from '@orderlines/contracts';
import { Api, Live, readServerEvents } from '@orderlines/console/api';
import { Toasts } from '@orderlines/console/ui';

/** Lines that are kept of a log that goes on. */
const LINES = 5_000;
/** A run that changes often is read again this often, at most. */
const READ_EVERY_MS = 150;
const RETRY_MS = 2_000;

/** The run that is watched beside the canvas: its state, its log, and what a person does to it. */
@Injectable()
export class RunSession implements OnDestroy {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly toasts = inject(Toasts);
  private readonly shown = signal<InstanceDetail | undefined>(undefined);
  private readonly written = signal<readonly LogLine[]>([]);
  private following: AbortController | undefined;
  private unwatch: (() => void) | undefined;
  private reads = 0;
  private reading: ReturnType<typeof setTimeout> | undefined;

  readonly run = this.shown.asReadonly();
  readonly lines = this.written.asReadonly();
  readonly isGoing = computed(() => {
    const run = this.run();
    return run !== undefined && !isTerminalProcess(run.status);
  });
  readonly isDebugged = signal(false);
  /** The latest execution of each node. */
  readonly executions = computed(
    () => new Map((this.run()?.tasks ?? []).filter(({ kind }) => kind === 'node').map((task): [string, TaskView] => [task.nodeId, task])),
  );
  readonly statuses = computed(() => new Map([...this.executions()].map(([id, { status }]) => [id, status as string])));
  /** Where a debugged run stands. */
  readonly stops = computed(() =>
    [...this.executions().values()].filter(({ status, waitReason }) => status === 'WAITING' && waitReason?.kind === 'breakpoint'),
  );
  readonly stoppedAt = computed(() => new Set(this.stops().map(({ nodeId }) => nodeId)));

  /** Starts a version, to run by itself or to stop for a person. */
  async start(process: string, params: JsonObject, mode: 'run' | 'debug', stops: 'all' | 'breakpoints'): Promise<boolean> {
    return this.attempt(async () => {
      const { id } = await this.api.call('POST instances', { body: { process, params, mode, stops, origin: 'manual' } });
      this.isDebugged.set(mode === 'debug');
      await this.follow(id);
    });
  }

  async restart(): Promise<boolean> {
    return this.attempt(async () => {
      const { id } = await this.api.call('POST instances/:id/restart', { id: this.run()?.id ?? '', body: { version: 'latest' } });
      await this.follow(id);
    });
  }

  /** Stops, pauses or resumes the run itself, never the process. */
  async operate(operation: 'stop' | 'pause' | 'resume'): Promise<boolean> {
    const id = this.run()?.id ?? '';
    return this.attempt(async () => {
      if (operation === 'stop') await this.api.call('POST instances/:id/stop', { id, body: { force: false } });
      else await this.api.call(`POST instances/:id/${operation}`, { id, body: {} });
      await this.read(id);
    });
  }

  async debug(action: DebugAction): Promise<boolean> {
    const id = this.run()?.id ?? '';
    return this.attempt(async () => {
      await this.api.call('POST instances/:id/debug', { id, body: action });
      await this.read(id);
    });
  }

  may(operation: string): boolean {
    return this.run()?.allowed.includes(operation) ?? false;
  }

  close(): void {
    this.ngOnDestroy();
    this.reads += 1;
    this.shown.set(undefined);
    this.written.set([]);
  }

  ngOnDestroy(): void {
    this.following?.abort();
    this.unwatch?.();
    clearTimeout(this.reading);
    this.reading = undefined;
  }

  private async follow(id: string): Promise<void> {
    this.close();
    this.following = new AbortController();
    const { signal: until } = this.following;
    await this.read(id);
    this.unwatch = this.live.watch(id, 0, () => this.readSoon(id));
    void this.followLog(id, until);
  }

  /** Follows the log to its end; after a broken connection it goes on behind the last line that was seen. */
  private async followLog(id: string, signal: AbortSignal): Promise<void> {
    let last: string | undefined;
    while (!signal.aborted) {
      try {
        const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
        const { body } = await this.api.fetch(`instances/${id}/logs/stream`, { signal, headers });
        for await (const { event, id: seen, data } of readServerEvents(body ?? new ReadableStream())) {
          last = seen ?? last;
          if (event === 'lines') this.written.update((lines) => [...lines, ...(JSON.parse(data) as LogLine[])].slice(-LINES));
          if (event === 'end') return;
        }
      } catch {
        if (signal.aborted) return;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  private readSoon(id: string): void {
    this.reading ??= setTimeout(() => {
      this.reading = undefined;
      void this.read(id).catch((error: unknown) => this.toasts.problem(error));
    }, READ_EVERY_MS);
  }

  /** Of reads that overlap the one that was asked for last counts: an earlier one may be answered after it, with what was before. */
  private async read(id: string): Promise<void> {
    const read = ++this.reads;
    const run = await this.api.call('GET instances/:id', { id });
    if (read === this.reads) this.shown.set(run);
  }

  private async attempt(deed: () => Promise<void>): Promise<boolean> {
    try {
      await deed();
      return true;
    } catch (error) {
      this.toasts.problem(error);
      return false;
    }
  }
}
