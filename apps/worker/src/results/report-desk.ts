import { decodePayload, encodePayload, REPORTS, ReportReply, type FinishedMessage, type ReportRequest } from '@orderlines/messaging';
import type { Logger } from '@orderlines/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import { QueueRequests } from '../queue-requests.js';

/** A result that is told to executors, and who hears whether they have stored it. */
export interface Report {
  readonly message: FinishedMessage;
  /** Size in bytes, roughly. */
  readonly bytes: number;
  readonly settle: (stored: boolean) => void;
}

/** Fences and subject of a result beside its contents, in bytes. */
const OVERHEAD = 1_024;

/** Tells executors how attempts ended, all of a turn in one request per queue; once only: what they do not store goes another way. */
export class ReportDesk {
  private readonly requests: QueueRequests<Report>;

  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {
    const maxWeight = Math.min(REPORTS.maxBytes, REPORTS.maxResults * OVERHEAD);
    this.requests = new QueueRequests({ maxWeight, weightOf: ({ bytes }) => OVERHEAD + bytes }, (queue, reports) =>
      this.tell(queue, reports),
    );
  }

  /** True when a result may travel with others. */
  takes(bytes: number): boolean {
    return bytes < REPORTS.maxBytes && !this.connection.isClosed();
  }

  report(queue: string, report: Report): void {
    this.requests.add(queue, report);
  }

  private async tell(queue: string, reports: readonly Report[]): Promise<void> {
    const stored = await this.ask(queue, reports);
    reports.forEach(({ settle }, index) => settle(stored[index] === true));
  }

  private async ask(queue: string, reports: readonly Report[]): Promise<readonly boolean[]> {
    const request: ReportRequest = { format: 1, results: reports.map(({ message }) => message) };
    try {
      const answer = await this.connection.request(REPORTS.subject(queue), encodePayload(request), { timeout: REPORTS.timeoutMs });
      const decoded = decodePayload(ReportReply, answer.data);
      if (decoded.ok) return decoded.value.stored;
      this.logger.warn({ queue, problem: decoded.problem }, 'the answer to a report was not understood');
    } catch (error) {
      this.logger.debug({ err: error, queue, results: reports.length }, 'a report was not answered; its results go to RUNS');
    }
    return [];
  }
}
