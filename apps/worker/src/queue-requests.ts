/** How requests are put together. */
export interface RequestLimits<Item> {
  /** Most weight of one request; an item heavier than that goes alone. */
  readonly maxWeight: number;
  readonly weightOf: (item: Item) => number;
}

/** While a request of a queue is on its way further items gather, at most for so long: an executor may hang, another may answer. */
const GATHER_MS = 20;
const PARALLEL_REQUESTS = 4;

/** Puts what a worker has to ask executors about a queue into few requests: all items of a turn of the event loop travel together. */
export class QueueRequests<Item> {
  private readonly waiting = new Map<string, Item[]>();
  private readonly requests = new Map<string, number>();

  constructor(
    private readonly limits: RequestLimits<Item>,
    /** Carries items of a queue to their end; must not throw. */
    private readonly carry: (queue: string, items: Item[]) => Promise<void>,
  ) {}

  add(queue: string, item: Item): void {
    const waiting = this.waiting.get(queue) ?? [];
    waiting.push(item);
    this.waiting.set(queue, waiting);
    if (waiting.length > 1) return;
    if ((this.requests.get(queue) ?? 0) === 0) setImmediate(() => this.send(queue));
    else setTimeout(() => this.send(queue), GATHER_MS);
  }

  private send(queue: string): void {
    const waiting = this.waiting.get(queue) ?? [];
    while (waiting.length > 0 && (this.requests.get(queue) ?? 0) < PARALLEL_REQUESTS) {
      this.requests.set(queue, (this.requests.get(queue) ?? 0) + 1);
      void this.carry(queue, this.take(waiting)).finally(() => {
        this.requests.set(queue, (this.requests.get(queue) ?? 1) - 1);
        // In a turn of its own: the answers just given may bring more items.
        setImmediate(() => this.send(queue));
      });
    }
  }

  private take(waiting: Item[]): Item[] {
    let weight = 0;
    let count = 0;
    for (const item of waiting) {
      weight += this.limits.weightOf(item);
      if (count > 0 && weight > this.limits.maxWeight) break;
      count += 1;
    }
    return waiting.splice(0, count);
  }
}
