import type { Chance } from './chance.js';
import type { Faults } from './faults.js';

/** One message as it was given to a consumer. */
export interface Delivery<T> {
  readonly seq: number;
  readonly payload: T;
}

interface Message<T> extends Delivery<T> {
  readonly id: string;
  readonly storedAt: number;
  visibleAt: number;
}

/** How long a stream remembers message ids. */
const WINDOW_MS = 120_000;
/** Acknowledgements younger than this are not on disk yet: a killed server forgets them. */
const UNSYNCED_MS = 2_000;

/** A stream with work-queue retention and one durable, with the guarantees that JetStream really gives. */
export class WorkQueue<T> {
  /** When the stream was made. */
  madeAt = 0;
  private messages = new Map<number, Message<T>>();
  private window = new Map<string, number>();
  private acknowledged: { readonly message: Message<T>; readonly at: number }[] = [];
  private seq = 0;

  constructor(
    private readonly ackWaitMs: number,
    private readonly clock: { readonly now: number; readonly faults: Faults; readonly chance: Chance },
    private readonly stored: () => void,
  ) {}

  /** When the oldest message was stored that nobody has acknowledged, or null. */
  get oldest(): number | null {
    const [first] = this.messages.values();
    return first?.storedAt ?? null;
  }

  /** What was stored until then and nobody has acknowledged. */
  until(at: number): readonly T[] {
    return [...this.messages.values()].filter(({ storedAt }) => storedAt <= at).map(({ payload }) => payload);
  }

  /** How many messages of a kind nobody has acknowledged. */
  count(isMeant: (payload: T) => boolean): number {
    return [...this.messages.values()].filter(({ payload }) => isMeant(payload)).length;
  }

  /** Stores a message, unless one with its id is known. */
  publish(id: string, payload: T): void {
    const { now, chance, faults } = this.clock;
    const known = this.window.get(id);
    const isKnown = (known !== undefined && known > now - WINDOW_MS) || [...this.messages.values()].some((message) => message.id === id);
    if (isKnown && !chance.hits(faults.copy)) return;
    this.window.set(id, now);
    this.seq += 1;
    this.messages.set(this.seq, { seq: this.seq, id, payload, storedAt: now, visibleAt: now });
    this.stored();
  }

  /** Gives the next message that fits; it comes again when it is not acknowledged in time. */
  take(fits: (payload: T) => boolean = () => true): Delivery<T> | undefined {
    for (const message of this.messages.values()) {
      if (message.visibleAt > this.clock.now || !fits(message.payload)) continue;
      message.visibleAt = this.clock.now + this.ackWaitMs;
      return message;
    }
    return undefined;
  }

  acknowledge({ seq }: Delivery<T>): void {
    const message = this.messages.get(seq);
    if (!message) return;
    const { now, chance, faults } = this.clock;
    this.messages.delete(seq);
    this.acknowledged = [...this.acknowledged.filter(({ at }) => at > now - UNSYNCED_MS), { message, at: now }];
    if (chance.hits(faults.resurrection)) this.store({ ...message, visibleAt: now });
  }

  giveBack({ seq }: Delivery<T>, afterMs: number): void {
    const message = this.messages.get(seq);
    if (message) message.visibleAt = this.clock.now + afterMs;
  }

  /** The server is killed and started: young acknowledgements are forgotten, and so are ids of messages that are gone. */
  restart(): void {
    const { now } = this.clock;
    for (const { message, at } of this.acknowledged) if (at > now - UNSYNCED_MS) this.store({ ...message, visibleAt: now });
    this.acknowledged = [];
    for (const message of this.messages.values()) message.visibleAt = now;
    this.window = new Map([...this.messages.values()].map(({ id }) => [id, now]));
    this.stored();
  }

  /** The storage is lost; the stream is made again. */
  wipe(): void {
    this.messages.clear();
    this.window.clear();
    this.acknowledged = [];
    this.madeAt = this.clock.now;
  }

  private store(message: Message<T>): void {
    this.messages.set(message.seq, message);
    this.stored();
  }
}
