/** A record as it would be with some entries set or removed: what lies under it stays as it is until {@link applied}. */
export class Overlay<K extends string | number, T extends object> {
  private readonly changes = new Map<K, T | null>();

  constructor(private readonly before: Readonly<Record<K, T>>) {}

  get(id: K): T | undefined {
    const change = this.changes.get(id);
    return change === undefined ? this.original(id) : (change ?? undefined);
  }

  /** The entry as it was. */
  original(id: K): T | undefined {
    return Object.hasOwn(this.before, id) ? this.before[id] : undefined;
  }

  set(id: K, value: T): void {
    this.changes.set(id, value);
  }

  remove(id: K): void {
    this.changes.set(id, null);
  }

  /** All entries, in a time that grows with the record: not for what every turn does. */
  all(): Readonly<Record<K, T>> {
    return this.applied(false);
  }

  /** The record with the changes: the one underneath, changed, when it may be taken over, else a copy. */
  applied(takeOver: boolean): Readonly<Record<K, T>> {
    if (this.changes.size === 0) return this.before;
    return this.write(takeOver ? (this.before as Record<K, T>) : { ...this.before });
  }

  private write(record: Record<K, T>): Record<K, T> {
    for (const [id, value] of this.changes) {
      if (value === null) delete record[id];
      else record[id] = value;
    }
    return record;
  }
}
