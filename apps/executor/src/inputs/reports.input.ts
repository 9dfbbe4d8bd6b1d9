import { decodePayload, REPORTS, ReportRequest, type FinishedMessage, type ReportReply } from '@orderlines/messaging';
import type { Logger } from '@orderlines/service-host';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { BatchItem } from '../instance/batch-item.js';
import { finishedEvent } from './finished-event.js';

/**
 * Takes what workers report of their attempts into batches and answers when all are committed. It is the short way: a result that cannot
 * be stored is left to RUNS, which counts its deliveries and puts it aside at last.
 */
export class ReportsInput {
  private subscription: Subscription | undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly submit: (item: BatchItem) => void,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.subscription = this.nats.subscribe(REPORTS.all, {
      queue: REPORTS.group,
      callback: (error, message) => {
        if (error === null) void this.receive(message);
        else this.logger.error({ err: error }, 'the subscription to reports failed');
      },
    });
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  private async receive(message: Msg): Promise<void> {
    const request = decodePayload(ReportRequest, message.data);
    // Without an answer its results go to RUNS one by one: those that cannot be understood are told from the others there.
    if (!request.ok) return this.logger.warn({ subject: message.subject, problem: request.problem }, 'a report was not understood');
    const { results } = request.value;
    const bytes = Math.ceil(message.data.length / Math.max(results.length, 1));
    const reply: ReportReply = { format: 1, stored: await Promise.all(results.map((result) => this.store(result, bytes))) };
    if (!this.nats.isClosed()) message.respond(JSON.stringify(reply));
  }

  private store(result: FinishedMessage, bytes: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.submit({
        kind: 'event',
        instanceId: result.instanceId,
        event: finishedEvent(result),
        bytes,
        alone: false,
        waitsUntil: null,
        settle: ({ kind }) => resolve(kind === 'done' || kind === 'missing'),
      });
    });
  }
}
