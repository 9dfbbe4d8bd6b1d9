import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { startNats, type TestNats } from '@orderlines/testing';
import {
  CLAIMS,
  connectNats,
  ensureEventsConsumer,
  ensureLogsConsumer,
  ensureQueueConsumer,
  ensureRunsConsumer,
  ensureStreams,
  ensureWorkerConsumer,
  EVENTS,
  LIVE,
  LOGS,
  natsUserName,
  Publisher,
  removeEventsConsumer,
  renderServerConfig,
  REPORTS,
  RUNS,
  STREAMS,
  TASKS,
  VALUES,
  watchConnection,
  WORKERS,
  WorkQueueReader,
  type NatsUser,
} from '../index.js';

const EXECUTOR: NatsUser = { role: 'executor' };
const GATEWAY: NatsUser = { role: 'gateway' };
const SCHEDULER: NatsUser = { role: 'scheduler' };
const WORKER: NatsUser = { role: 'worker', worker: 'w1', queues: ['default', 'cpu'] };
const TASK = { instanceId: 'a', taskInstanceId: 'b', attempt: 1, dispatch: 1 };
const OTHER: NatsUser = { role: 'worker', worker: 'w2', queues: ['prod'] };

describe('the rights of NATS users', () => {
  let nats: TestNats;
  const connections = new Map<NatsUser, NatsConnection>();
  const as = (user: NatsUser) => {
    const connection = connections.get(user);
    if (!connection) throw new Error('not connected');
    return connection;
  };

  beforeAll(async () => {
    const users = [EXECUTOR, GATEWAY, SCHEDULER, WORKER, OTHER];
    nats = await startNats(renderServerConfig(users.map((user) => ({ user, password: `password of "${natsUserName(user)}"` }))));
    for (const user of users) {
      const name = natsUserName(user);
      const credentials = { user: name, password: `password of "${name}"` };
      connections.set(user, await connectNats(nats.url, { name, credentials }));
    }
    await ensureStreams(as(EXECUTOR));
    await ensureRunsConsumer(as(EXECUTOR));
    await ensureLogsConsumer(as(EXECUTOR));
    for (const queue of ['default', 'prod']) await ensureQueueConsumer(as(EXECUTOR), queue);
  });
  afterAll(async () => {
    for (const connection of connections.values()) await connection.close();
    await nats.close();
  });

  /** Subjects of those given that the server refused to this user. */
  const refused = async (
    user: NatsUser,
    operation: 'publish' | 'subscription',
    subjects: readonly string[],
    act: (subject: string) => void,
  ) => {
    const found = new Set<string>();
    const stop = watchConnection(as(user), (status) => {
      if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) return;
      if (status.error.operation === operation) found.add(status.error.subject);
    });
    for (const subject of subjects) act(subject);
    await as(user).flush();
    // The statuses come by an iterator of their own.
    await new Promise((resolve) => setImmediate(resolve));
    stop();
    return subjects.filter((subject) => found.has(subject));
  };
  const refusedPublishes = (user: NatsUser, subjects: readonly string[]) =>
    refused(user, 'publish', subjects, (subject) => as(user).publish(subject, '{}'));
  const refusedSubscriptions = (user: NatsUser, subjects: readonly string[]) =>
    refused(user, 'subscription', subjects, (subject) => as(user).subscribe(subject, { callback: () => undefined }));

  it('let a scheduler hear events and publish those that were told, and nothing else', async () => {
    const scheduler = as(SCHEDULER);
    await removeEventsConsumer(scheduler);
    const from = new Date(Date.now() - 60_000);
    await new Publisher(as(SCHEDULER)).publish({ subject: EVENTS.published('1'), payload: { told: true } });
    const got = await new Promise<string>((resolve) => {
      const reader = new WorkQueueReader({
        connection: scheduler,
        stream: EVENTS.name,
        durable: EVENTS.durable,
        room: () => 1,
        ensure: () => ensureEventsConsumer(scheduler, from),
        onProblem: (problem, error) => resolve(`${problem}: ${String(error)}`),
        onMessage: (message) => {
          message.ack();
          void reader.close().then(() => resolve(message.subject));
        },
      });
    });
    expect(got).toBe(EVENTS.published('1'));
    await ensureEventsConsumer(scheduler, new Date());
    await removeEventsConsumer(scheduler);
    const others = [
      TASKS.queueFilter('default').replace('>', 'x'),
      'runs.1.x',
      'logs.a.b',
      `$JS.API.CONSUMER.DELETE.${RUNS.name}.x`,
      `$JS.API.STREAM.DELETE.${EVENTS.name}`,
    ];
    expect(await refusedPublishes(SCHEDULER, others)).toEqual(others);
  });

  it('let a worker do its work: claims, pulls, acks, results, logs, heartbeats, control', async () => {
    const ids = { instance: randomUUID(), task: randomUUID() };
    const subject = TASKS.anySubject('default', { instanceId: ids.instance, taskInstanceId: ids.task, attempt: 1, dispatch: 1 });
    await new Publisher(as(EXECUTOR)).publish({ subject, payload: 1 });
    const answering = as(EXECUTOR).subscribe(CLAIMS.all, {
      queue: CLAIMS.group,
      callback: (_error, message) => void message.respond('granted'),
    });
    const worker = as(WORKER);
    const got = await new Promise<string>((resolve) => {
      const reader = new WorkQueueReader({
        connection: worker,
        stream: TASKS.name,
        durable: TASKS.queueDurable('default'),
        room: () => 1,
        ensure: () => ensureQueueConsumer(worker, 'default'),
        onProblem: (problem) => resolve(problem),
        onMessage: (message) => {
          message.ack();
          void reader.close().then(() => resolve(message.subject));
        },
      });
    });
    expect(got).toBe(subject);
    expect((await worker.request(CLAIMS.subject('default'), '{}', { timeout: 2_000 })).string()).toBe('granted');
    const publisher = new Publisher(worker);
    await publisher.publish({ subject: `${RUNS.prefix(1, 'default', ids.instance, ids.task, 1)}.finished`, payload: 1 });
    await publisher.publish({ subject: LOGS.subject(ids.instance, ids.task), payload: 1 });
    await ensureWorkerConsumer(worker, 'cpu', 'w1');
    expect(
      await refusedPublishes(WORKER, [WORKERS.heartbeat('w1'), REPORTS.subject('default'), VALUES.put('default'), VALUES.get('cpu')]),
    ).toEqual([]);
    expect(await refusedSubscriptions(WORKER, [WORKERS.control('w1')])).toEqual([]);
    expect((await (await jetstreamManager(as(EXECUTOR))).streams.info(TASKS.name)).state.messages).toBe(0);
    answering.unsubscribe();
  });

  it('keep from a worker everything that it could say about others', async () => {
    const forbidden = [
      TASKS.anySubject('default', TASK),
      TASKS.anySubject('prod', TASK),
      `${RUNS.prefix(1, 'prod', 'a', 'b', 1)}.finished`,
      CLAIMS.subject('prod'),
      REPORTS.subject('prod'),
      VALUES.put('prod'),
      VALUES.get('prod'),
      WORKERS.heartbeat('w2'),
      WORKERS.control('w1'),
      WORKERS.control('w2'),
      LIVE.subject('a'),
      'events.instance.succeeded.a',
      `$JS.API.CONSUMER.MSG.NEXT.${TASKS.name}.${TASKS.queueDurable('prod')}`,
      `$JS.API.CONSUMER.MSG.NEXT.${TASKS.name}.${TASKS.workerDurable('default', 'w2')}`,
      `$JS.API.CONSUMER.MSG.NEXT.${RUNS.name}.${RUNS.durable}`,
      `$JS.API.CONSUMER.CREATE.${TASKS.name}.${TASKS.queueDurable('default')}.tasks.prod.any.>`,
      `$JS.API.CONSUMER.CREATE.${TASKS.name}.mine.tasks.prod.any.>`,
      `$JS.API.CONSUMER.DURABLE.CREATE.${TASKS.name}.${TASKS.queueDurable('default')}`,
      `$JS.API.CONSUMER.DELETE.${TASKS.name}.${TASKS.queueDurable('default')}`,
      `$JS.ACK.${TASKS.name}.${TASKS.queueDurable('prod')}.1.1.1.1.1`,
      `$JS.ACK.${RUNS.name}.${RUNS.durable}.1.1.1.1.1`,
      ...STREAMS.flatMap(({ name }) =>
        ['INFO', 'CREATE', 'UPDATE', 'DELETE', 'PURGE', 'MSG.GET'].map((what) => `$JS.API.STREAM.${what}.${name}`),
      ),
    ];
    expect(await refusedPublishes(WORKER, forbidden)).toEqual(forbidden);
  });

  it('keep from a worker everything that is said to others', async () => {
    const forbidden = [
      '>',
      '_INBOX.>',
      '_INBOX_worker_w2.>',
      '_INBOX_executor.>',
      'tasks.>',
      'runs.>',
      'logs.>',
      CLAIMS.all,
      LIVE.all,
      VALUES.all,
    ];
    forbidden.push(WORKERS.allHeartbeats, WORKERS.control('w2'), WORKERS.control('*'), '$JS.>', '$SYS.>', 'events.>');
    expect(await refusedSubscriptions(WORKER, forbidden)).toEqual(forbidden);
  });

  it('do not let a worker turn its own durable to the tasks of another queue', async () => {
    const subject = `$JS.API.CONSUMER.CREATE.${TASKS.name}.${TASKS.queueDurable('default')}.${TASKS.queueFilter('default')}`;
    const config = { durable_name: TASKS.queueDurable('default'), ack_policy: 'explicit', filter_subject: TASKS.queueFilter('prod') };
    const answer = await as(WORKER).request(subject, JSON.stringify({ stream_name: TASKS.name, config }), { timeout: 2_000 });
    expect(answer.json()).toMatchObject({ error: { code: 400 } });
    const info = await (await jetstreamManager(as(EXECUTOR))).consumers.info(TASKS.name, TASKS.queueDurable('default'));
    expect(info.config.filter_subject).toBe(TASKS.queueFilter('default'));
  });

  it('let the gateway listen to what people may see, and say nothing', async () => {
    expect(await refusedSubscriptions(GATEWAY, [LIVE.all, LOGS.subject('a', '*'), '_INBOX_gateway.x'])).toEqual([]);
    const secret = ['runs.>', 'tasks.>', CLAIMS.all, '_INBOX.>', WORKERS.allHeartbeats];
    expect(await refusedSubscriptions(GATEWAY, secret)).toEqual(secret);
    const forbidden = [LIVE.subject('a'), 'tasks.default.any.a.b', 'runs.1.default.a.b.1.finished', '$JS.API.STREAM.DELETE.TASKS'];
    expect(await refusedPublishes(GATEWAY, forbidden)).toEqual(forbidden);
  });

  it('let nobody in who has no password', async () => {
    await expect(connectNats(nats.url, { name: 'nobody' })).rejects.toMatchObject({ code: 'nats.refused' });
  });
});
