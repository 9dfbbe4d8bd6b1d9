interface Item {
  readonly at: number;
  readonly key: string | undefined;
  readonly work: () => void;
}

/** What is going to happen and when; things of the same moment happen in the order they were added. */
export class Agenda {
  private items: Item[] = [];

  /** The next moment something happens, if anything does. */
  get next(): number | undefined {
    return this.items.length === 0 ? undefined : Math.min(...this.items.map((item) => item.at));
  }

  add(at: number, work: () => void, key?: string): void {
    this.items.push({ at, key, work });
  }

  /** Takes the first thing that is due, if there is one. */
  take(now: number): (() => void) | undefined {
    const due = this.items.filter((item) => item.at <= now).sort((one, other) => one.at - other.at)[0];
    this.items = this.items.filter((item) => item !== due);
    return due?.work;
  }

  /** Removes what was to happen under a key; false when there was nothing. */
  remove(key: string): boolean {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.key !== key);
    return this.items.length < before;
  }
}
