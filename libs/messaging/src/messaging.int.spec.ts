import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { startNats, type TestNats } from '@orderlines/testing';
import {
  connectNats,
  ensureLogsConsumer,
  ensureQueueConsumer,
  ensureRunsConsumer,
  ensureStreams,
  ensureWorkerConsumer,
  EVENTS,
  LOGS,
  Publisher,
  RUNS,
  STREAMS,
  TASKS,
  WorkQueueReader,
  type WorkMessage,
  type WorkQueueReaderOptions,
} from './index.js';

/** Waits until the condition holds; the test's own time-out is the limit. */
const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('work over NATS', () => {
  let nats: TestNats;
  let connection: NatsConnection;
  let publisher: Publisher;
  const closing: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    nats = await startNats();
    connection = await connectNats(nats.url, { name: 'test' });
    await ensureStreams(connection);
    publisher = new Publisher(connection, { ensure: () => ensureStreams(connection) });
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await connection.close();
    await nats.close();
  });

  const dispatched = (taskInstanceId: string) => ({ instanceId: 'a', taskInstanceId, attempt: 1, dispatch: 1 });
  const sendTask = (queue: string, index: number) =>
    publisher.publish({ subject: TASKS.anySubject(queue, dispatched(randomUUID())), payload: { index } });
  const indexOf = (message: WorkMessage) => (JSON.parse(new TextDecoder().decode(message.data)) as { index: number }).index;
  const read = (more: Pick<WorkQueueReaderOptions, 'room' | 'onMessage'> & Partial<WorkQueueReaderOptions>) => {
    const reader = new WorkQueueReader({
      connection,
      stream: TASKS.name,
      durable: TASKS.queueDurable('default'),
      ensure: async () => {
        await ensureStreams(connection);
        await ensureQueueConsumer(connection, 'default');
      },
      onProblem: () => undefined,
      ...more,
    });
    closing.push(() => reader.close());
    return reader;
  };
  /** Reads, acks and remembers whatever comes. */
  const collect = () => {
    const seen = new Set<number>();
    read({
      room: () => 10,
      onMessage: (message) => {
        seen.add(indexOf(message));
        message.ack();
      },
    });
    return seen;
  };

  it('makes streams and consumers over and over, with the same settings', async () => {
    for (let round = 0; round < 2; round += 1) {
      await Promise.all([ensureStreams(connection), ensureStreams(connection)]);
      await ensureRunsConsumer(connection);
      await ensureLogsConsumer(connection);
      await ensureQueueConsumer(connection, 'default');
      await ensureWorkerConsumer(connection, 'default', 'w1');
    }
    const manager = await jetstreamManager(connection);
    for (const config of STREAMS) expect((await manager.streams.info(config.name)).config).toMatchObject(config);
    const durables = (await manager.consumers.list(TASKS.name).next()).map((consumer) => consumer.name);
    expect(durables.sort()).toEqual(['queue_default', 'worker_default=w1']);
  });

  it('brings the settings of a stream of an older release up to date', async () => {
    const manager = await jetstreamManager(connection);
    await manager.streams.update(LOGS.name, { max_msgs_per_subject: 3 });
    await ensureStreams(connection);
    expect((await manager.streams.info(LOGS.name)).config.max_msgs_per_subject).toBe(LOGS.maxChunksPerTask);
  });

  it('says that the stream is missing when nobody may make it', async () => {
    await (await jetstreamManager(connection)).streams.delete(TASKS.name);
    await expect(ensureQueueConsumer(connection, 'default')).rejects.toMatchObject({ code: 'nats.missing' });
    const plain = new Publisher(connection);
    await expect(plain.publish({ subject: 'tasks.default.any.a.b', payload: 1 })).rejects.toMatchObject({ code: 'nats.missing' });
    await sendTask('default', 1);
  });

  it('stores a message with a known id once', async () => {
    const message = { subject: EVENTS.subject('instance', 'succeeded', 'a'), payload: 1, messageId: 'a.1.0' };
    expect(await publisher.publishAll([message, message])).toMatchObject([{ value: { duplicate: false } }, { value: { duplicate: true } }]);
  });

  it('refuses a copy of a task that waits, takes its next dispatch, and takes it again when it was taken out', async () => {
    const copy = { subject: TASKS.anySubject('copies', dispatched('t')), payload: { index: 1 } };
    await publisher.publish(copy);
    await expect(publisher.publish(copy)).rejects.toMatchObject({ code: 'nats.subject-full' });
    await publisher.publishOnce(copy);
    await publisher.publish({ ...copy, subject: TASKS.anySubject('copies', { ...dispatched('t'), dispatch: 2 }) });
    const subjects: string[] = [];
    read({
      durable: TASKS.queueDurable('copies'),
      ensure: () => ensureQueueConsumer(connection, 'copies'),
      room: () => 10,
      onMessage: (message) => {
        subjects.push(message.subject);
        message.ack();
      },
    });
    await until(() => subjects.length === 2);
    await until(() =>
      publisher.publish(copy).then(
        () => true,
        () => false,
      ),
    );
    await until(() => subjects.length === 3);
  });

  it('refuses a repeated result while the first waits, and a loud task, and nobody else', async () => {
    const result = { subject: `${RUNS.prefix(1, 'default', 'a', 'b', 1)}.finished`, payload: 1 };
    await publisher.publish(result);
    await expect(publisher.publish(result)).rejects.toMatchObject({ code: 'nats.subject-full' });
    const chunk = (task: string) => ({ subject: LOGS.subject('a', task), payload: 1 });
    await publisher.publishAll(Array.from({ length: LOGS.maxChunksPerTask }, () => chunk('loud')));
    await expect(publisher.publish(chunk('loud'))).rejects.toMatchObject({ code: 'nats.subject-full' });
    await publisher.publish(chunk('quiet'));
  });

  it('refuses a message that is too large before it is sent', async () => {
    await expect(publisher.publish({ subject: 'tasks.default.any.a.b', payload: 'x'.repeat(600_000) })).rejects.toMatchObject({
      code: 'nats.too-large',
    });
  });

  it('gives a reader no more messages than it has room for', async () => {
    for (let index = 0; index < 10; index += 1) await sendTask('default', index);
    const held: WorkMessage[] = [];
    const reader = read({ room: () => 3 - held.length, onMessage: (message) => held.push(message) });
    await until(() => held.length === 3);
    await connection.flush();
    expect(held).toHaveLength(3);
    const manager = await jetstreamManager(connection);
    expect(await manager.consumers.info(TASKS.name, TASKS.queueDurable('default'))).toMatchObject({ num_ack_pending: 3, num_pending: 7 });
    for (const message of held.splice(0, 2)) message.ack();
    reader.poke();
    await until(() => held.length === 3);
    expect(reader.outstanding).toBe(0);
  });

  it('gives back what a reader does not want, and tells how often it came', async () => {
    await sendTask('default', 1);
    const deliveries: number[] = [];
    read({
      room: () => 1,
      onMessage: (message) => {
        deliveries.push(message.deliveries);
        if (deliveries.length < 3) message.giveBack(deliveries.length === 1 ? 0 : 20);
        else message.drop();
      },
    });
    await until(async () => (await (await jetstreamManager(connection)).streams.info(TASKS.name)).state.messages === 0);
    expect(deliveries).toEqual([1, 2, 3]);
  });

  it('asks again when a request took as many bytes as it may', async () => {
    for (let index = 0; index < 6; index += 1) {
      await publisher.publish({
        subject: TASKS.anySubject('default', dispatched(String(index))),
        payload: { index, text: 'x'.repeat(1_000) },
      });
    }
    const seen: number[] = [];
    read({
      room: () => 100,
      bytesPerRequest: 2_500,
      onMessage: (message) => {
        seen.push(indexOf(message));
        message.ack();
      },
    });
    await until(() => seen.length === 6);
  });

  it('leaves nothing behind when it is closed: what was on its way goes to somebody else at once', async () => {
    for (let index = 0; index < 50; index += 1) await sendTask('default', index);
    const held: WorkMessage[] = [];
    const reader = read({ room: () => 50 - held.length, onMessage: (message) => held.push(message) });
    await until(() => held.length > 0);
    await reader.close();
    for (const message of held) message.giveBack();
    const seen = collect();
    await until(() => seen.size === 50);
  });

  it('does not mind a connection that was closed first: what it held goes to somebody else', async () => {
    await sendTask('default', 1);
    const other = await connectNats(nats.url, { name: 'other' });
    const held: WorkMessage[] = [];
    const reader = read({ connection: other, room: () => 5, onMessage: (message) => held.push(message) });
    await until(() => held.length === 1);
    await other.close();
    reader.poke();
    held[0]?.stillWorking();
    held[0]?.ack();
    await reader.close();
    const manager = await jetstreamManager(connection);
    expect(await manager.consumers.info(TASKS.name, TASKS.queueDurable('default'))).toMatchObject({ num_ack_pending: 1 });
  });

  it.each(['restart', 'kill', 'wipe'] as const)('reads on after the server had a %s', async (what) => {
    const seen = collect();
    await sendTask('default', 1);
    await until(() => seen.has(1));
    if (what === 'kill') {
      await nats.kill();
      await nats.restart();
    } else {
      await nats[what]();
    }
    await until(() =>
      sendTask('default', 2).then(
        () => true,
        () => false,
      ),
    );
    await until(() => seen.has(2));
  });

  it.each(['stream', 'consumer'] as const)('reads on after its %s was deleted under it', async (what) => {
    const seen = collect();
    await sendTask('default', 1);
    await until(() => seen.has(1));
    const manager = await jetstreamManager(connection);
    if (what === 'stream') await manager.streams.delete(TASKS.name);
    else await manager.consumers.delete(TASKS.name, TASKS.queueDurable('default'));
    await sendTask('default', 2);
    await until(() => seen.has(2));
  });

  it('waits for somebody who makes the stream, when it may not itself', async () => {
    await (await jetstreamManager(connection)).streams.delete(TASKS.name);
    const seen: number[] = [];
    const problems: string[] = [];
    read({
      room: () => 1,
      ensure: () => ensureQueueConsumer(connection, 'default'),
      onProblem: (problem) => problems.push(problem),
      onMessage: (message) => {
        seen.push(indexOf(message));
        message.ack();
      },
    });
    await until(() => problems.length > 0);
    await sendTask('default', 7);
    await until(() => seen.includes(7));
  });
});

describe('a connection', () => {
  it('tells that nobody answers, within its limit', async () => {
    await expect(connectNats('nats://127.0.0.1:1', { name: 'test', limitMs: 300 })).rejects.toMatchObject({ code: 'nats.unreachable' });
  });

  it('tells at once that the server does not know its user', async () => {
    const nats = await startNats('authorization { users = [{ user: "known", password: "secret" }] }');
    const credentials = { user: 'known', password: 'wrong' };
    await expect(connectNats(nats.url, { name: 'test', credentials })).rejects.toMatchObject({ code: 'nats.refused' });
    await (await connectNats(nats.url, { name: 'test', credentials: { ...credentials, password: 'secret' } })).close();
    await nats.close();
  });
});
