import { effect, inject, Injectable, signal } from '@angular/core';
import type { LiveChanges, LiveFacts } from '@orderlines/contracts';
import { Api } from './api.js';
import { readServerEvents } from './server-events.js';
import { SessionToken } from './session-token.js';

/** What becomes known about a run that is watched. */
export type RunNews =
  | ({ readonly kind: 'facts' } & LiveFacts)
  /** What was seen is not of this history: read the run again, from its beginning. */
  | { readonly kind: 'reload' | 'ended'; readonly instanceId: string };

/** What tabs tell each other. */
type Word =
  | { readonly say: 'watch'; readonly tab: string; readonly runs: Readonly<Record<string, number>> }
  | { readonly say: 'who' }
  | { readonly say: 'changes'; readonly changes: LiveChanges }
  | { readonly say: 'news'; readonly news: RunNews }
  | { readonly say: 'connected'; readonly connected: boolean };

const NAME = 'orderlines.live';
/** Tabs that open together ask together. */
const SETTLE_MS = 100;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

/**
 * What changes on the server, as it changes: one connection for all tabs of a browser. The tab that holds the lock has it and tells the others;
 * when it is closed, another one takes over and goes on behind the last event that was seen.
 */
@Injectable({ providedIn: 'root' })
export class Live {
  private readonly api = inject(Api);
  private readonly token = inject(SessionToken);
  private readonly channel = new BroadcastChannel(NAME);
  private readonly tab = crypto.randomUUID();
  /** Runs that this tab watches, with the number of the last event of each. */
  private readonly own = new Map<string, { seq: number; readonly listeners: Set<(news: RunNews) => void> }>();
  /** Runs that other tabs watch, as far as this one holds the connection. */
  private readonly others = new Map<string, Readonly<Record<string, number>>>();
  private isHolder = false;
  private connection: AbortController | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;

  private readonly counted = signal(0);
  private readonly told = signal<LiveChanges | undefined>(undefined);
  private readonly online = signal(true);
  /** Counts up whenever some run has changed: what lists read again for. */
  readonly changes = this.counted.asReadonly();
  /** Which runs have changed lately. */
  readonly latest = this.told.asReadonly();
  readonly isConnected = this.online.asReadonly();

  constructor() {
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => this.hear(data);
    addEventListener('pagehide', () => this.say({ say: 'watch', tab: this.tab, runs: {} }));
    void navigator.locks.request(NAME, () => this.hold());
    effect(() => {
      if (this.token.token() === undefined) this.connection?.abort();
      else this.reconnectSoon();
    });
  }

  /** Follows a run behind the event of that number, until the returned function is called. */
  watch(instanceId: string, seq: number, listener: (news: RunNews) => void): () => void {
    const watched = this.own.get(instanceId) ?? { seq, listeners: new Set() };
    watched.listeners.add(listener);
    this.own.set(instanceId, watched);
    this.tellWatched();
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size > 0) return;
      this.own.delete(instanceId);
      this.tellWatched();
    };
  }

  /** Has everything read again here and in the other tabs, after a change by this person that the server tells nobody of. */
  noteOwnChange(): void {
    this.toldOfChanges({ runs: [], more: true });
  }

  /** Has the connection for as long as this tab lives. */
  private hold(): Promise<never> {
    this.isHolder = true;
    this.say({ say: 'who' });
    this.reconnectSoon();
    return new Promise(() => undefined);
  }

  private tellWatched(): void {
    if (this.isHolder) this.reconnectSoon();
    else this.say({ say: 'watch', tab: this.tab, runs: Object.fromEntries([...this.own].map(([id, { seq }]) => [id, seq])) });
  }

  private hear(word: Word): void {
    if (word.say === 'who') this.tellWatched();
    else if (word.say === 'watch') {
      this.others.set(word.tab, word.runs);
      if (this.isHolder) this.reconnectSoon();
    } else if (word.say === 'connected') this.online.set(word.connected);
    else if (word.say === 'changes') this.tellChanges(word.changes);
    else this.tellNews(word.news);
  }

  private say(word: Word): void {
    this.channel.postMessage(word);
  }

  private reconnectSoon(): void {
    if (!this.isHolder || this.token.token() === undefined) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.connection?.abort();
      this.connection = new AbortController();
      void this.listen(this.connection.signal);
    }, SETTLE_MS);
  }

  private async listen(signal: AbortSignal): Promise<void> {
    for (let tries = 0; !signal.aborted && this.token.token() !== undefined; tries += 1) {
      try {
        const answer = await this.api.fetch(`live?watch=${this.watched()}`, { signal, headers: { accept: 'text/event-stream' } });
        this.setConnected(true);
        // Something may have changed while nobody listened.
        this.toldOfChanges({ runs: [], more: true });
        if (answer.body) for await (const { event, data } of readServerEvents(answer.body)) this.take(event, data, () => (tries = 0));
      } catch {
        if (signal.aborted) return;
        this.setConnected(false);
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]));
    }
  }

  private take(event: string, data: string, isWell: () => void): void {
    isWell();
    if (event === 'changes') this.toldOfChanges(JSON.parse(data) as LiveChanges);
    else if (event === 'facts' || event === 'reload' || event === 'ended') {
      const news = { kind: event, ...JSON.parse(data) } as RunNews;
      this.say({ say: 'news', news });
      this.tellNews(news);
    }
  }

  private toldOfChanges(changes: LiveChanges): void {
    this.say({ say: 'changes', changes });
    this.tellChanges(changes);
  }

  private tellChanges(changes: LiveChanges): void {
    this.told.set(changes);
    this.counted.update((count) => count + 1);
  }

  private tellNews(news: RunNews): void {
    for (const [tab, runs] of this.others) {
      if (news.kind === 'facts' && (runs[news.instanceId] ?? Infinity) < news.seq)
        this.others.set(tab, { ...runs, [news.instanceId]: news.seq });
    }
    const watched = this.own.get(news.instanceId);
    if (!watched || (news.kind === 'facts' && news.seq <= watched.seq)) return;
    watched.seq = news.kind === 'facts' ? news.seq : news.kind === 'reload' ? 0 : watched.seq;
    for (const listener of watched.listeners) listener(news);
  }

  private setConnected(connected: boolean): void {
    this.online.set(connected);
    this.say({ say: 'connected', connected });
  }

  /** Every run that some tab watches, behind the event that the slowest of them has seen. */
  private watched(): string {
    const runs = new Map<string, number>();
    for (const watched of [...this.others.values(), Object.fromEntries([...this.own].map(([id, { seq }]) => [id, seq]))]) {
      for (const [id, seq] of Object.entries(watched)) runs.set(id, Math.min(seq, runs.get(id) ?? Infinity));
    }
    return [...runs].map(([id, seq]) => `${id}:${seq}`).join(',');
  }
}
