interface Item {
  readonly at: number;
  readonly key: string | undefined;
  readonly work: () => void;
}

/** What is going to happen and when; things of the same moment happen in the order they were added. */
export class Agenda {
  /** In the order in which they happen. */
  private items: Item[] = [];

  /** The next moment something happens, if anything does. */
  get next(): number | undefined {
    return this.items[0]?.at;
  }

  add(at: number, work: () => void, key?: string): void {
    let low = 0;
    for (let high = this.items.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.items[middle] as Item).at <= at) low = middle + 1;
      else high = middle;
    }
    this.items.splice(low, 0, { at, key, work });
  }

  /** Takes the first thing that is due, if there is one. */
  take(now: number): (() => void) | undefined {
    return this.next === undefined || this.next > now ? undefined : this.items.shift()?.work;
  }

  /** Removes what was to happen under a key; false when there was nothing. */
  remove(key: string): boolean {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.key !== key);
    return this.items.length < before;
  }
}
