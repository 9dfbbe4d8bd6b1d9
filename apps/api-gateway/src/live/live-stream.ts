import { MAX_WATCHED_RUNS } from '@orderlines/contracts';
import type { Principal } from '@orderlines/auth';
import type { Pool } from 'pg';
import type { ServerEvent } from '../http/event-streams.js';
import type { InstanceEvents } from '../instance/instance-events.js';
import { liveChanges } from './live-changes.js';
import type { LiveFeed } from './live-feed.js';
import { merged } from './merged.js';

/** A run that is watched, behind the last event that was seen. */
export interface WatchedRun {
  readonly id: string;
  readonly seq: number;
}

/** What one person watches: that runs change, and everything of some of them. */
export class LiveStream {
  constructor(
    private readonly pool: Pool,
    private readonly feed: LiveFeed,
    private readonly events: InstanceEvents,
  ) {}

  async follow(watched: readonly WatchedRun[], { rights }: Principal, signal: AbortSignal): Promise<AsyncIterable<ServerEvent>> {
    const seen = await this.readable(watched.slice(0, MAX_WATCHED_RUNS), rights);
    const maySeeAll = rights.limits('read', 'Instance').length === 0;
    return merged([this.changes(maySeeAll, signal), ...seen.map((run) => this.run(run, signal))]);
  }

  private async *changes(maySeeAll: boolean, signal: AbortSignal): AsyncGenerator<ServerEvent, void, undefined> {
    for await (const data of liveChanges(this.feed, maySeeAll, signal)) yield { event: 'changes', data };
  }

  private async *run({ id, seq }: WatchedRun, signal: AbortSignal): AsyncGenerator<ServerEvent, void, undefined> {
    const { fromBeginning, events } = await this.events.follow(id, seq, signal);
    if (fromBeginning) yield { event: 'reload', data: { instanceId: id } };
    for await (const event of events) yield { event: 'facts', data: { instanceId: id, ...event } };
    if (!signal.aborted) yield { event: 'ended', data: { instanceId: id } };
  }

  /** Those of the runs that are there and may be read. */
  private async readable(watched: readonly WatchedRun[], rights: Principal['rights']): Promise<WatchedRun[]> {
    if (watched.length === 0) return [];
    const { rows } = await this.pool.query<{ id: string; namespace: string; name: string; owner: string }>(
      `select id, namespace, process_name as name, started_by as owner from runtime.process_instance where id = any ($1::uuid[])`,
      [watched.map(({ id }) => id)],
    );
    const readable = new Set(rows.filter((run) => rights.may('read', 'Instance', run)).map(({ id }) => id));
    return watched.filter(({ id }) => readable.has(id.toLowerCase()));
  }
}
