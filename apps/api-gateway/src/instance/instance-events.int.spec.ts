import { connectNats, encodePayload, LIVE, type LiveMessage } from '@orderlines/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';
import { allEvents, eventsOf, nextEvent } from '../testing/sse.js';
import { buildProcess, simpleDefinition, StoredRun } from '../testing/stored-run.js';

const running = { type: 'instance', status: 'RUNNING', phase: 'body' } as const;
const succeeded = { type: 'instance', status: 'SUCCESS', phase: 'done' } as const;

describe('following a run over server-sent events', () => {
  let harness: GatewayHarness;
  let nats: NatsConnection;
  let processId: string;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    nats = await connectNats(harness.nats.url, { name: 'test' });
    processId = await buildProcess(harness, simpleDefinition('followed'));
  });
  afterAll(async () => {
    await nats?.close();
    await harness?.close();
  });

  const newRun = () => new StoredRun(harness.pool).create(processId);
  const tell = (message: LiveMessage) => nats.publish(LIVE.subject(message.instanceId), encodePayload(message));
  const follow = (run: StoredRun, lastEventId?: string) =>
    harness.ask('GET', `instances/${run.id}/events`, undefined, lastEventId === undefined ? {} : { 'last-event-id': lastEventId });

  it('gives the history, then what is told live, in order, once, to the end', async () => {
    const run = await newRun();
    await run.fact(running);
    const events = eventsOf(await follow(run));
    expect(await nextEvent(events)).toMatchObject({ id: '1', event: 'facts' });
    const second = await run.fact({ type: 'task', n: 2 });
    const third = await run.fact({ type: 'task', n: 3 });
    for (const message of [second, second, third]) tell(message);
    expect(JSON.parse((await nextEvent(events)).data)).toMatchObject({
      seq: 2,
      facts: [{ type: 'task', n: 2 }],
      at: expect.stringMatching(/Z$/),
    });
    expect(await nextEvent(events)).toMatchObject({ id: '3' });
    tell(await run.fact(succeeded));
    expect(await nextEvent(events)).toMatchObject({ id: '4' });
    expect(await nextEvent(events)).toMatchObject({ event: 'end', data: '{}' });
    expect((await events.next()).done).toBe(true);
  });

  it('reads again what was not told, or told too late', async () => {
    const run = await newRun();
    const first = await run.fact(running);
    const events = eventsOf(await follow(run));
    await nextEvent(events);
    await run.fact({ type: 'task', n: 2 });
    tell(await run.fact({ type: 'task', n: 3 }));
    tell(first);
    expect([(await nextEvent(events)).id, (await nextEvent(events)).id]).toEqual(['2', '3']);
    // Told to nobody: found when the history is looked at again.
    await run.fact(succeeded);
    expect([(await nextEvent(events)).id, (await nextEvent(events)).event]).toEqual(['4', 'end']);
  });

  it('resumes behind the last event that was seen', async () => {
    const run = await newRun();
    for (const fact of [running, { type: 'task' }, { type: 'task' }, succeeded]) await run.fact(fact);
    expect((await allEvents(await follow(run, '2'))).map(({ id, event }) => id ?? event)).toEqual(['3', '4', 'end']);
    expect((await allEvents(await follow(run, '4'))).map(({ event }) => event)).toEqual(['end']);
  });

  it('begins anew, and says so, when the last event is not one of this run', async () => {
    const run = await newRun();
    for (const fact of [running, succeeded]) await run.fact(fact);
    for (const unknown of ['9000', 'abc']) {
      const events = await allEvents(await follow(run, unknown));
      expect(events.map(({ id, event }) => id ?? event)).toEqual(['reload', '1', '2', 'end']);
    }
  });

  it('gives a long history whole', async () => {
    const run = await newRun();
    await harness.pool.query(
      `insert into runtime.history (process_instance_id, seq, at, facts) select $1, n, now(), '[{"type":"task"}]' from generate_series(1, 1700) n`,
      [run.id],
    );
    await harness.pool.query(`update runtime.process_instance set seq = 1700, status = 'STOP', phase = 'done' where id = $1`, [run.id]);
    const ids = (await allEvents(await follow(run))).flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));
    expect(ids).toEqual(Array.from({ length: 1_700 }, (_, index) => index + 1));
  });

  it('goes on when NATS was away in the middle', async () => {
    const run = await newRun();
    await run.fact(running);
    const events = eventsOf(await follow(run));
    await nextEvent(events);
    await harness.nats.kill();
    await run.fact({ type: 'task' });
    expect((await nextEvent(events)).id).toBe('2');
    await harness.nats.restart();
    await run.fact(succeeded);
    expect([(await nextEvent(events)).id, (await nextEvent(events)).event]).toEqual(['3', 'end']);
  });

  it('of a run that is not there is refused', async () => {
    for (const id of ['nothing', '01900000-0000-7000-8000-000000000000']) {
      const answer = await harness.ask('GET', `instances/${id}/events`);
      expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 404, body: { code: 'instance.not-found' } });
    }
  });
});
