import { DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { LogLine } from '@orderlines/contracts';
import { Api, readServerEvents } from '@orderlines/console/api';

/** Lines are shown together, this often at most. */
const SHOW_MS = 120;
/** More lines of one log are not held; the newest stay. */
const MOST_LINES = 200_000;
const RETRY_MS = 2_000;

/** The log of a run or of one execution, followed while its page is in sight. */
@Injectable()
export class RunLog {
  private readonly api = inject(Api);
  private readonly shown = signal<readonly LogLine[]>([]);
  private readonly following = signal(false);
  readonly lines = this.shown.asReadonly();
  readonly isLive = this.following.asReadonly();
  /** Whose log: a run, and one of its nodes or executions (absent: all). */
  readonly source = signal<{ readonly instanceId: string; readonly task?: string } | undefined>(undefined, {
    equal: (one, other) => one?.instanceId === other?.instanceId && one?.task === other?.task,
  });
  private reading: AbortController | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.reading?.abort());
    effect(() => {
      const source = this.source();
      untracked(() => {
        this.reading?.abort();
        this.shown.set([]);
        if (source) void this.follow(source.instanceId, source.task, (this.reading = new AbortController()).signal);
      });
    });
  }

  private async follow(instanceId: string, task: string | undefined, signal: AbortSignal): Promise<void> {
    let last: string | undefined;
    const waiting: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      if (signal.aborted || waiting.length === 0) return;
      this.shown.update((lines) => [...lines, ...waiting.splice(0)].slice(-MOST_LINES));
    };
    this.following.set(true);
    while (!signal.aborted) {
      try {
        const path = `instances/${instanceId}/logs/stream${task === undefined ? '' : `?task=${encodeURIComponent(task)}`}`;
        const answer = await this.api.fetch(path, { signal, headers: last === undefined ? {} : { 'last-event-id': last } });
        for await (const { event, id, data } of readServerEvents(answer.body ?? new ReadableStream())) {
          last = id ?? last;
          if (event === 'lines') waiting.push(...(JSON.parse(data) as LogLine[]));
          timer ??= setTimeout(show, SHOW_MS);
          if (event !== 'end') continue;
          this.following.set(false);
          return;
        }
      } catch {
        if (signal.aborted) return;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
