import { Publisher } from '@orderlines/messaging';
import type { Repetition } from '@orderlines/service-host';
import type { SchedulerSurroundings } from '../scheduler.js';
import { DueTimers } from './due-timers.js';
import { EventOutbox } from './event-outbox.js';
import { EventReader } from './event-reader.js';
import { HeardEvents } from './heard-events.js';
import { ReceivedRequests } from './received-requests.js';
import { TriggerRules } from './trigger-rules.js';
import { TriggerStarts } from './trigger-starts.js';

/** Requests and published events that others took are looked for so often: people wait for them. */
const SOON_MS = 250;
const STARTS_EVERY_MS = 500;
/** Quiet times and absences end at most so much later than they might. */
const TIMERS_EVERY_MS = 500;
const LOOK_MS = 1_000;

/** Makes a loop of rounds that ends with the scheduler. */
export type MakeLoop = (name: string, everyMs: number, round: () => Promise<number | void>) => Repetition;

/** What a scheduler does for triggers: each a loop of its own over rows that any scheduler may take. */
export class TriggerRounds {
  readonly heard: HeardEvents;
  readonly received: ReceivedRequests;
  readonly timers: DueTimers;
  readonly starts: TriggerStarts;
  private readonly outbox: EventOutbox | undefined;
  private readonly reader: EventReader | undefined;
  private startLoop: Repetition | undefined;

  constructor({ config, pool, executor, nats, logger }: SchedulerSurroundings) {
    const { clock, leaseMs } = config;
    const rules = new TriggerRules();
    this.heard = new HeardEvents(pool, rules, clock);
    this.received = new ReceivedRequests(pool, rules, clock);
    this.timers = new DueTimers(pool, rules, clock);
    this.starts = new TriggerStarts(pool, executor, leaseMs, clock, logger);
    if (nats === undefined) return;
    this.outbox = new EventOutbox(pool, new Publisher(nats));
    this.reader = new EventReader(nats, pool, this.heard, (count) => this.startMore(count), logger);
  }

  /** Begins all rounds. */
  start(loop: MakeLoop): Repetition[] {
    const { outbox, reader } = this;
    this.startLoop = loop('trigger starts', STARTS_EVERY_MS, async () => ((await this.starts.startAll()) ? 0 : undefined));
    return [
      this.startLoop,
      loop('requests of webhooks', SOON_MS, async () => this.more(await this.received.judge())),
      loop('timers of triggers', TIMERS_EVERY_MS, async () => this.more(await this.timers.expire())),
      ...(outbox ? [loop('published events', SOON_MS, async () => ((await outbox.publish()) ? 0 : undefined))] : []),
      ...(reader ? [loop('events', LOOK_MS, () => reader.look())] : []),
    ];
  }

  /** Hears nothing more; what is in hand is judged. */
  async stop(): Promise<void> {
    await this.reader?.close();
  }

  private more({ toStart, isMore }: { readonly toStart: number; readonly isMore: boolean }): number | undefined {
    this.startMore(toStart);
    return isMore ? 0 : undefined;
  }

  private startMore(count: number): void {
    if (count > 0) this.startLoop?.wake();
  }
}
