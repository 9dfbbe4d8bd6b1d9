import type { Announcer } from '../dispatch/announcer.js';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import type { LinkMessages } from '../dispatch/link-messages.js';
import type { SlotTurns } from '../dispatch/slot-turns.js';
import type { AlarmClock } from '../inputs/alarm-clock.js';
import type { SignalDelivery } from '../signals/signal-delivery.js';
import type { CommittedBatch } from './instance-runner.js';

/** What follows a commit: publish, answer, acknowledge. Whatever of it a crash prevents is made again from the rows. */
export class Aftermath {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly announcer: Announcer,
    private readonly links: LinkMessages,
    private readonly slots: SlotTurns,
    private readonly alarm: AlarmClock,
    private readonly signals: SignalDelivery,
    /** For tests: returning false is the crash of this executor between the commit and everything after it. */
    private readonly survives: (batch: CommittedBatch) => boolean = () => true,
  ) {}

  /** Carries a committed batch out; resolves when NATS has stored what it is to keep. */
  async carryOut(batch: CommittedBatch): Promise<void> {
    if (!this.survives(batch)) return;
    // Both send at once and wait afterwards, so that what is published is under way before anything is acknowledged.
    const published = Promise.all([
      this.dispatcher.committed(batch.runs, batch.settings.graceMs),
      this.announcer.committed(batch.runs),
      this.links.committed(batch.runs),
      this.slots.committed(batch.runs),
    ]);
    for (const [item, outcome] of batch.settlements) item.settle(outcome);
    this.signals.deliver(batch.met);
    this.setAlarm(batch);
    await published;
  }

  private setAlarm({ now, runs }: CommittedBatch): void {
    let next = Infinity;
    for (const { run } of runs) {
      for (const { dueAt } of run.timersSet.values()) next = Math.min(next, dueAt);
      for (const { deadlineAt } of [...run.created.values(), ...run.updated.values()]) next = Math.min(next, deadlineAt ?? Infinity);
      next = Math.min(next, run.run?.deadlineAt ?? Infinity);
    }
    if (next < Infinity) this.alarm.set(next - now);
  }
}
