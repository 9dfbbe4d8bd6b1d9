import type { NatsConnection } from '@nats-io/transport-node';
import {
  decodePayload,
  ensureRunsConsumer,
  ensureStreams,
  LinkMessage,
  RUNS,
  WorkQueueReader,
  WORKERS,
  type ControlMessage,
  type WorkMessage,
} from '@orderlines/messaging';
import type { FinishedEvent } from '@orderlines/process-engine';
import type { Logger } from '@orderlines/service-host';
import { v7 as uuidV7 } from 'uuid';
import type { BatchItem, Outcome } from '../instance/batch-item.js';
import type { ChildOrders } from './child-orders.js';
import { readFinished, type Finished } from './finished-event.js';
import { readRunSubject, type RunSubject } from './run-subject.js';

/** Delivered this often in vain, an event goes alone; a little later it is parked unread. */
const ALONE_AT = 3;
const PARKED_AT = 5;
/** Two batches, in messages and in bytes. */
const MAX_HELD = 2_000;
const MAX_HELD_BYTES = 8 * 1024 * 1024;
const BYTES_PER_REQUEST = 4 * 1024 * 1024;
const GIVEN_BACK_MS = 1_000;
const MAX_FORGIVEN = 10_000;

type Confirmations = Extract<ControlMessage, { kind: 'confirmed' }>['attempts'];

/** Takes what workers say about their attempts out of RUNS into batches, and acknowledges it after the commit. */
export class ResultsInput {
  private reader: WorkQueueReader | undefined;
  private held = 0;
  private heldBytes = 0;
  /** Deliveries that failed through no fault of the event: by subject, which one message has at a time. */
  private readonly forgiven = new Map<string, number>();
  /** Results to confirm to their workers, by worker, until the end of this turn of the event loop. */
  private readonly confirmed = new Map<string, Confirmations>();

  constructor(
    private readonly nats: NatsConnection,
    private readonly submit: (item: BatchItem) => void,
    private readonly orders: ChildOrders,
    private readonly logger: Logger,
    /** Told when RUNS and the other streams were looked after. */
    private readonly ensured: () => void,
  ) {}

  /** Starts to pull, also again after {@link stop}. */
  start(): void {
    this.reader ??= new WorkQueueReader({
      connection: this.nats,
      stream: RUNS.name,
      durable: RUNS.durable,
      room: () => (this.heldBytes < MAX_HELD_BYTES ? MAX_HELD - this.held : 0),
      bytesPerRequest: BYTES_PER_REQUEST,
      onMessage: (message) => this.receive(message),
      ensure: async () => {
        await ensureStreams(this.nats);
        await ensureRunsConsumer(this.nats);
        this.ensured();
      },
      onProblem: (problem, error) => this.logger.warn({ err: error }, problem),
    });
  }

  /** Pulls nothing more. What was delivered and not settled is given back when it is settled. */
  async stop(): Promise<void> {
    const reader = this.reader;
    this.reader = undefined;
    await reader?.close();
  }

  private receive(message: WorkMessage): void {
    this.held += 1;
    this.heldBytes += message.data.length;
    const place = readRunSubject(message.subject);
    if (place === null) {
      this.logger.error({ subject: message.subject }, 'a message in RUNS names no run in its subject; it is removed');
      message.ack();
      return this.released(message);
    }
    const deliveries = message.deliveries - (this.forgiven.get(message.subject) ?? 0);
    if (deliveries >= PARKED_AT) return this.park(message, place.instanceId, deliveries, `delivered ${deliveries} times in vain`);
    if (place.kind === 'slot') return this.judge(message, place, deliveries);
    if (place.kind !== 'finished') return void this.look(message, place, deliveries);
    const finished = readFinished(message.data);
    if (typeof finished === 'string') return this.park(message, place.instanceId, deliveries, finished);
    this.submit({
      kind: 'event',
      instanceId: place.instanceId,
      event: finished.event,
      bytes: message.data.length,
      alone: deliveries >= ALONE_AT,
      waitsUntil: null,
      settle: (outcome) => this.settle(message, place.instanceId, deliveries, finished, outcome),
    });
  }

  /** A run is to be looked at together with the one that asked for it. */
  private async look(message: WorkMessage, { instanceId, taskInstanceId }: RunSubject, deliveries: number): Promise<void> {
    const link = decodePayload(LinkMessage, message.data);
    if (!link.ok) return this.park(message, instanceId, deliveries, `not understood: ${link.problem}`);
    const { parentId } = link.value;
    const settle = this.settleHint(message, instanceId);
    try {
      const order = await this.orders.find(parentId, taskInstanceId, instanceId);
      const common = { bytes: message.data.length, alone: deliveries >= ALONE_AT, waitsUntil: null, settle };
      this.submit({ kind: 'link', instanceId, parentId, taskInstanceId, order, ...common });
    } catch (error) {
      this.logger.warn({ err: error, instanceId, parentId }, 'could not find out how a run is to be started');
      settle({ kind: 'unavailable' });
    }
  }

  /** A run is to be looked at together with the others that have its concurrency key. */
  private judge(message: WorkMessage, { instanceId }: RunSubject, deliveries: number): void {
    const common = { bytes: message.data.length, alone: deliveries >= ALONE_AT, waitsUntil: null };
    this.submit({ kind: 'slot', instanceId, ...common, settle: this.settleHint(message, instanceId) });
  }

  /** One that has to wait behind a parked event is dropped: the sweeper finds again what it is about. */
  private settleHint(message: WorkMessage, instanceId: string): (outcome: Outcome) => void {
    return (outcome) => {
      if (outcome.kind === 'failed') this.logger.error({ err: outcome.error, instanceId }, 'a run could not be looked at');
      if (outcome.kind === 'unavailable') this.forgive(message.subject);
      if (outcome.kind === 'unavailable' || outcome.kind === 'failed') message.giveBack(GIVEN_BACK_MS);
      else message.ack();
      this.released(message);
    };
  }

  private settle(message: WorkMessage, instanceId: string, deliveries: number, { worker, event }: Finished, outcome: Outcome): void {
    if (outcome.kind === 'held') return this.park(message, instanceId, deliveries, 'waits behind an earlier event of this run');
    if (outcome.kind === 'failed') {
      this.logger.error({ err: outcome.error, subject: message.subject, deliveries }, 'an event could not be applied');
      message.giveBack(GIVEN_BACK_MS * deliveries);
    } else if (outcome.kind === 'unavailable') {
      this.forgive(message.subject);
      message.giveBack(GIVEN_BACK_MS);
    } else {
      message.ack();
      this.forgiven.delete(message.subject);
      this.confirm(worker, event);
    }
    this.released(message);
  }

  private park(message: WorkMessage, instanceId: string, deliveries: number, error: string): void {
    this.logger.error({ subject: message.subject, deliveries, error }, 'an event is put aside; its run waits for a person');
    this.submit({
      kind: 'park',
      instanceId,
      parked: { id: uuidV7(), instanceId, subject: message.subject, payload: message.data, error, deliveries },
      bytes: message.data.length,
      alone: true,
      waitsUntil: null,
      settle: ({ kind }) => {
        if (kind === 'done') message.ack();
        else message.giveBack(GIVEN_BACK_MS);
        this.released(message);
      },
    });
  }

  /** Tells a worker at once what is stored: its heartbeat's answer says it again. */
  private confirm(worker: string, { taskInstanceId, attempt, dispatch }: FinishedEvent): void {
    if (this.confirmed.size === 0) setImmediate(() => this.sendConfirmations());
    const attempts = this.confirmed.get(worker) ?? [];
    attempts.push({ taskInstanceId, attempt, dispatch });
    this.confirmed.set(worker, attempts);
  }

  private sendConfirmations(): void {
    for (const [worker, attempts] of this.confirmed) {
      const message: ControlMessage = { format: 1, kind: 'confirmed', attempts };
      if (!this.nats.isClosed()) this.nats.publish(WORKERS.control(worker), JSON.stringify(message));
    }
    this.confirmed.clear();
  }

  private released(message: WorkMessage): void {
    this.held -= 1;
    this.heldBytes -= message.data.length;
    this.reader?.poke();
  }

  private forgive(subject: string): void {
    this.forgiven.set(subject, (this.forgiven.get(subject) ?? 0) + 1);
    const oldest = this.forgiven.keys().next();
    if (this.forgiven.size > MAX_FORGIVEN && !oldest.done) this.forgiven.delete(oldest.value);
  }
}
