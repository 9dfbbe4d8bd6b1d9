import { parentPort, workerData } from 'node:worker_threads';
import { connectNats, decodePayload, encodePayload, HeartbeatReply, WORKERS, type HeartbeatRequest } from '@orderlines/messaging';
import { describeError, pause } from '@orderlines/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import { endRecordedGroups } from '../folders/process-groups.js';
import type { FromHeartbeat, HeartbeatSettings, HeldSnapshot, ToHeartbeat } from './heartbeat-messages.js';

// A thread of its own with a connection of its own: a task that blocks the worker's event loop must not look like a dead worker.
const settings = workerData as HeartbeatSettings;
const REPLY_LIMIT_MS = 4_000;

const closing = new AbortController();
let snapshot: HeldSnapshot | undefined;
let snapshotCame: (() => void) | undefined;
let sendsTaskTypes = true;
let succeeds = settings.succeeds;
let heardAt = Date.now();
let cutOff: 'no' | 'told' | 'heard' | 'killed' = 'no';

const tell = (message: FromHeartbeat) => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToHeartbeat) => {
  if (message.kind === 'close') closing.abort();
  if (message.kind === 'cut-off-heard' && cutOff === 'told') cutOff = 'heard';
  if (message.kind === 'snapshot') {
    snapshot = message.snapshot;
    snapshotCame?.();
  }
});

const requestOf = ({ madeAt, ...held }: HeldSnapshot): HeartbeatRequest => {
  const { session, worker, startedAt, version, queues, slots, taskTypes } = settings;
  return {
    format: 1,
    session,
    worker,
    startedAt,
    version,
    queues,
    slots,
    sentAt: madeAt,
    ...held,
    ...(sendsTaskTypes ? { taskTypes } : {}),
    ...(succeeds.length > 0 ? { succeeds } : {}),
    ...(closing.signal.aborted ? { isOver: true } : {}),
  };
};

const beat = async (connection: NatsConnection, current: HeldSnapshot): Promise<void> => {
  try {
    const answer = await connection.request(WORKERS.heartbeat(settings.worker), encodePayload(requestOf(current)), {
      timeout: REPLY_LIMIT_MS,
    });
    const reply = decodePayload(HeartbeatReply, answer.data);
    heardAt = Date.now();
    if (!reply.ok)
      return tell({ kind: 'state', nats: true, executor: false, why: `the answer to a heartbeat was not understood: ${reply.problem}` });
    sendsTaskTypes = reply.value.wantsTaskTypes;
    succeeds = [];
    tell({ kind: 'state', nats: true, executor: true, why: reply.value.refused ?? '' });
    tell({ kind: 'reply', reply: reply.value });
  } catch (error) {
    // Executors may be away for long: their leases stand still then. Only NATS being away ends tasks.
    const nats = await isThere(connection);
    if (nats) heardAt = Date.now();
    tell({
      kind: 'state',
      nats,
      executor: false,
      why: nats ? `no executor answers (${describeError(error)})` : `NATS is away (${describeError(error)})`,
    });
  }
};

const isThere = async (connection: NatsConnection): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), 1_000);
  });
  const flushed = connection.flush().then(
    () => true,
    () => false,
  );
  return Promise.race([flushed, limit]).finally(() => clearTimeout(timer));
};

/** Looks four times a second whether NATS has been away too long. */
const watch = setInterval(() => {
  const silentMs = Date.now() - heardAt;
  if (silentMs < WORKERS.killAfterMs) {
    cutOff = 'no';
  } else if (cutOff === 'no') {
    cutOff = 'told';
    tell({ kind: 'cut-off' });
  } else if (cutOff === 'told' && silentMs > WORKERS.deadAfterMs - 1_000) {
    // The worker's event loop is blocked and has not heard of it: what runs as a process can still be ended from here.
    cutOff = 'killed';
    void endRecordedGroups(settings.groupsFolder);
  }
}, 250);

const connectUntilClosed = async (): Promise<NatsConnection | undefined> => {
  while (!closing.signal.aborted) {
    try {
      const { natsUrl, worker } = settings;
      return await connectNats(natsUrl, {
        name: `${worker} heartbeat`,
        limitMs: 1_000,
      });
    } catch (error) {
      tell({ kind: 'state', nats: false, executor: false, why: describeError(error) });
      await pause(1_000, closing.signal);
    }
  }
  return undefined;
};

const connection = await connectUntilClosed();
while (!closing.signal.aborted && connection !== undefined) {
  if (snapshot === undefined) await new Promise<void>((resolve) => (snapshotCame = resolve));
  const since = Date.now();
  if (snapshot !== undefined) await beat(connection, snapshot);
  await pause(Math.max(0, settings.intervalMs - (Date.now() - since)), closing.signal);
}
// The name is free at once, and what was not reported is nobody's any more.
if (connection !== undefined && snapshot !== undefined) await beat(connection, snapshot);
clearInterval(watch);
await connection?.close();
parentPort?.close();
