import type { NatsConnection } from '@nats-io/transport-node';
import type { ProcessStatus } from '@orderlines/contracts';
import { LIVE, MAX_MESSAGE_BYTES, WORKERS, type ControlMessage, type Publisher } from '@orderlines/messaging';
import type { Cancel } from '@orderlines/process-engine';
import { describeError, type Logger } from '@orderlines/service-host';
import type { CommittedRun } from '../instance/instance-runner.js';
import type { HistoryEntry } from '../store/history.sql.js';
import { announcementsOf, type AnnouncedRun, type Announcement } from './announcement.js';

/** Facts that are kept while NATS takes none; more are lost, and each is told in the log. */
const MAX_UNPUBLISHED = 20_000;

/** Tells what a commit made known: screens at once, workers what to stop, and everybody the facts of runs. */
export class Announcer {
  private readonly unpublished: Announcement[] = [];

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
      return announcementsOf(run, fact, `${run.id}.${seq}.${position}`, at).map((announcement) => this.publish(announcement));
    });
  }

  /** Publishes again what NATS did not take, as while it was away. */
  async repeat(): Promise<void> {
    await Promise.all(this.unpublished.splice(0).map((announcement) => this.publish(announcement)));
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

  private async publish({ subject, event }: Announcement): Promise<void> {
    try {
      await this.publisher.publish({ subject, payload: event, messageId: event.id });
    } catch (error) {
      this.logger.warn({ subject, error: describeError(error) }, 'a fact could not be published now');
      if (this.unpublished.length < MAX_UNPUBLISHED) this.unpublished.push({ subject, event });
    }
  }
}
