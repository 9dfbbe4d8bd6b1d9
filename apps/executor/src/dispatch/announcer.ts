import type { NatsConnection } from '@nats-io/transport-node';
import type { ProcessStatus } from '@orderlines/contracts';
import { LIVE, MAX_MESSAGE_BYTES, WORKERS, type ControlMessage, type Publisher } from '@orderlines/messaging';
import type { Cancel } from '@orderlines/process-engine';
import { describeError, type Logger } from '@orderlines/service-host';
import type { CommittedRun } from '../instance/instance-runner.js';
import type { HistoryEntry } from '../store/history.sql.js';
import { announcementsOf, type AnnouncedRun, type Announcement } from './announcement.js';

/** Tells what a commit made known: screens at once, workers what to stop, and everybody the facts of runs. */
export class Announcer {
  /** Time of the oldest fact that NATS did not take. */
  private missing: number | null = null;
  private refusals = 0;

  constructor(
    private readonly nats: NatsConnection,
    private readonly publisher: Publisher,
    private readonly logger: Logger,
  ) {}

  /** Sends it all; resolves when NATS keeps the facts of runs. */
  async committed(runs: readonly CommittedRun[]): Promise<void> {
    const announcements: Promise<void>[] = [];
    for (const { run, history } of runs) {
      for (const entry of history) {
        this.tellScreens(entry);
        announcements.push(...this.announce(run.identity, entry));
      }
      for (const cancel of run.cancels) this.cancel(cancel, run.updated.get(cancel.taskInstanceId)?.worker ?? null);
    }
    await Promise.all(announcements);
  }

  /** Publishes the facts of the run itself; the same facts again are dropped by NATS or by their reader, who knows the id. */
  announce(run: AnnouncedRun, { seq, at, facts }: Pick<HistoryEntry, 'seq' | 'at' | 'facts'>): Promise<void>[] {
    let last: ProcessStatus | undefined;
    return facts.flatMap((fact, position) => {
      if (fact.type !== 'instance' || fact.status === last) return [];
      last = fact.status;
      return announcementsOf(run, fact, `${run.id}.${seq}.${position}`, at).map((announcement) => this.publish(announcement, at));
    });
  }

  /** Time of the oldest fact that NATS did not take, epoch milliseconds: rows say what to announce from there. Null: it took all. */
  get unannouncedSince(): number | null {
    return this.missing;
  }

  /** How many facts NATS has not taken so far. */
  get refused(): number {
    return this.refusals;
  }

  /** What was missing has been announced from the rows, and nothing was refused meanwhile. */
  caughtUp(): void {
    this.missing = null;
  }

  /** Tells a worker to stop an attempt; heartbeats repeat it. */
  cancel({ taskInstanceId, attempt, reason, graceMs }: Omit<Cancel, 'session'>, worker: string | null): void {
    if (worker === null) return;
    const message: ControlMessage = { format: 1, kind: 'cancel', taskInstanceId, attempt, reason, graceMs };
    this.nats.publish(WORKERS.control(worker), JSON.stringify(message));
  }

  private tellScreens({ instanceId, seq, at, text, facts }: HistoryEntry): void {
    // Values of variables can be as large as a message may not be: screens read them where they are shown.
    const told = Buffer.byteLength(text) < MAX_MESSAGE_BYTES ? text : JSON.stringify(facts.filter((fact) => fact.type !== 'variables'));
    this.nats.publish(LIVE.subject(instanceId), `{"instanceId":"${instanceId}","seq":${seq},"at":${at},"facts":${told}}`);
  }

  private async publish({ subject, event }: Announcement, at: number): Promise<void> {
    try {
      await this.publisher.publish({ subject, payload: event, messageId: event.id });
    } catch (error) {
      if (this.missing === null) {
        this.logger.warn(
          { subject, error: describeError(error) },
          'facts cannot be announced now; they are announced when NATS takes them',
        );
      }
      this.refusals += 1;
      this.missing = Math.min(this.missing ?? at, at);
    }
  }
}
