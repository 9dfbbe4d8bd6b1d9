/** Takes from its lines in turn; a line that is empty is forgotten. */
class RoundRobin<Line> {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly make: () => Line) {}

  line(key: string): Line {
    const known = this.lines.get(key);
    if (known !== undefined) return known;
    const made = this.make();
    this.lines.set(key, made);
    return made;
  }

  /** Takes from the line whose turn it is, and puts that line last. */
  next<Entry>(take: (line: Line) => { readonly entry: Entry | undefined; readonly empty: boolean }): Entry | undefined {
    for (const [key, line] of this.lines) {
      const { entry, empty } = take(line);
      this.lines.delete(key);
      if (!empty) this.lines.set(key, line);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  get empty(): boolean {
    return this.lines.size === 0;
  }
}

/** What the queue needs to know of an entry. */
export interface QueuedEntry {
  readonly taskInstanceId: string;
  readonly instanceId: string;
  readonly namespace: string;
}

/** Tasks waiting to be published, given out round robin over namespaces and, inside one, over runs. */
export class FairQueue<Entry extends QueuedEntry> {
  private readonly waiting = new Map<string, Entry>();
  private readonly namespaces = new RoundRobin(() => new RoundRobin<string[]>(() => []));

  constructor(
    /** Entries it holds at most; what does not fit is found by the sweeper. */
    private readonly limit: number,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  has(taskInstanceId: string): boolean {
    return this.waiting.has(taskInstanceId);
  }

  /** Adds an entry, or replaces the one of the same task; false when the queue is full. */
  add(entry: Entry): boolean {
    if (!this.waiting.has(entry.taskInstanceId)) {
      if (this.waiting.size >= this.limit) return false;
      this.namespaces.line(entry.namespace).line(entry.instanceId).push(entry.taskInstanceId);
    }
    this.waiting.set(entry.taskInstanceId, entry);
    return true;
  }

  /** The task is not waiting any more; its place in the line is passed over later. */
  remove(taskInstanceId: string): boolean {
    return this.waiting.delete(taskInstanceId);
  }

  /** The entry whose turn it is. */
  next(): Entry | undefined {
    while (!this.namespaces.empty) {
      const id = this.namespaces.next((runs) => {
        const entry = runs.next((line) => ({ entry: line.shift(), empty: line.length === 0 }));
        return { entry, empty: runs.empty };
      });
      const entry = id === undefined ? undefined : this.waiting.get(id);
      if (id === undefined || entry === undefined) continue;
      this.waiting.delete(id);
      return entry;
    }
    return undefined;
  }
}
