import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DomainEvent, EvaluationOutcome, JsonObject } from '@orderlines/contracts';
import { connectNats, ensureStreams } from '@orderlines/messaging';
import { insertDelivery, insertEvent } from '@orderlines/persistence';
import { startNats, type TestNats } from '@orderlines/testing';
import type { EntityManager } from 'typeorm';
import type { Scheduler } from '../scheduler.js';
import { Rig } from '../testing/rig.js';

interface Given {
  readonly kind?: 'webhook' | 'event';
  readonly filter?: string;
  readonly params?: object;
  readonly rule?: object;
  readonly maxPerMinute?: number;
  readonly namespace?: string;
}

describe('triggers', () => {
  let rig: Rig;
  let scheduler: Scheduler;
  beforeAll(async () => {
    rig = await Rig.start();
    scheduler = rig.scheduler();
  });
  afterAll(() => rig?.close());
  beforeEach(() => {
    rig.executor.refusal = null;
  });

  const trigger = async ({
    kind = 'event',
    filter = '',
    params = {},
    rule,
    maxPerMinute = 60,
    namespace = 'default',
  }: Given): Promise<string> => {
    const id = randomUUID();
    await rig.pool.query(
      `insert into schedule.trigger (id, namespace, name, labels, kind, process_id, filter, params, max_per_minute, rule, enabled, state_by,
          active_since, created_by, updated_by)
        values ($1, $2, $3, '{}', $4, $5, $6, $7, $8, $9, true, 't', $10, 't', 't')`,
      [
        ...[id, namespace, `t-${id}`, kind, await rig.process(), filter, params, maxPerMinute],
        ...[rule ?? { types: ['shop.*'], debounce: null, absence: null }, new Date(rig.now - 1_000)],
      ],
    );
    return id;
  };
  const event = (type: string, more: Partial<DomainEvent> = {}): DomainEvent => ({
    ...{
      specversion: '1.0',
      id: randomUUID(),
      type,
      source: 'shop',
      subject: '',
      namespace: 'default',
      datacontenttype: 'application/json',
    },
    ...{ time: new Date(rig.now).toISOString(), data: {} },
    ...more,
  });
  const outcomes = async (id: string): Promise<string[]> => {
    const { rows } = await rig.pool.query<{ outcome: EvaluationOutcome; reason: string | null }>(
      'select outcome, reason from schedule.trigger_evaluation where trigger_id = $1 order by id',
      [id],
    );
    return rows.map(({ outcome, reason }) => (reason === null ? outcome : `${outcome} ${reason}`));
  };
  const round = async (): Promise<void> => {
    while ((await scheduler.triggers.received.judge()).isMore);
    while ((await scheduler.triggers.timers.expire()).isMore);
    while (await scheduler.triggers.starts.startAll());
  };
  const runsOf = async (id: string): Promise<{ origin: string; started_by: string; params: JsonObject }[]> => {
    const { rows } = await rig.pool.query<{ origin: string; started_by: string; params: JsonObject }>(
      `select p.origin, p.started_by, p.params from runtime.process_instance p
        join schedule.trigger_evaluation e on e.instance_id = p.id where e.trigger_id = $1 order by p.id`,
      [id],
    );
    return rows;
  };
  const manager = () =>
    ({ query: async (text: string, values: unknown[]) => (await rig.pool.query(text, values)).rows }) as unknown as EntityManager;

  it('start one run of an event, however often and by whomever it is heard', async () => {
    const id = await trigger({ filter: 'event.data.total > 10', params: { order: '${{ event.subject }}' } });
    const paid = event('shop.order.paid', { subject: 'o1', data: { total: 12 } });
    const other = rig.scheduler();
    await Promise.all(
      [scheduler, other, scheduler].map(({ triggers }) =>
        triggers.heard.take([paid, event('shop.order.paid', { data: { total: 1 } }), event('bank.x')]),
      ),
    );
    await Promise.all([round(), other.triggers.starts.startAll()]);
    expect((await outcomes(id)).filter((outcome) => outcome === 'started')).toHaveLength(1);
    expect(new Set(await outcomes(id))).toEqual(new Set(['started', 'filtered filter']));
    expect(await runsOf(id)).toEqual([
      { origin: 'event', started_by: expect.stringMatching(/^trigger:default\//), params: { order: 'o1' } },
    ]);
  });

  it('hear only events of their namespace, and none from before they were there', async () => {
    const id = await trigger({});
    await scheduler.triggers.heard.take([
      event('shop.a', { namespace: 'elsewhere' }),
      event('shop.a', { time: new Date(rig.now - 60_000).toISOString() }),
    ]);
    expect(await outcomes(id)).toEqual([]);
  });

  it('start one run of a request of a webhook, with what the request says', async () => {
    const id = await trigger({
      kind: 'webhook',
      rule: { signature: { style: 'none', secret: null, tolerance: '5m' } },
      filter: 'event.body.ok',
      params: { n: '${{ event.body.n }}' },
    });
    const deliver = (key: string, body: JsonObject) => insertDelivery(manager(), { triggerId: id, key, type: 'push', event: { body } });
    await deliver('a', { ok: true, n: 7 });
    await deliver('a', { ok: true, n: 7 });
    await deliver('b', { ok: false });
    await deliver('c', {});
    const other = rig.scheduler();
    await Promise.all([scheduler.triggers.received.judge(), other.triggers.received.judge()]);
    await round();
    expect(await outcomes(id)).toEqual(['started', 'duplicate delivery.known', 'filtered filter', 'failed filter']);
    expect(await runsOf(id)).toMatchObject([{ origin: 'webhook', params: { n: 7 } }]);
    const { rows } = await rig.pool.query(
      'select from schedule.trigger_evaluation where trigger_id = $1 and (event is not null or params is not null)',
      [id],
    );
    expect(rows).toHaveLength(0);
  });

  it('wait until it is quiet, and give the start what came, by what belongs together', async () => {
    const debounce = { quiet: '10s', atMost: '1m', give: 'all', by: 'event.subject' };
    const id = await trigger({ rule: { types: ['shop.*'], debounce, absence: null }, params: { ids: '${{ events.map(e, e.data.n) }}' } });
    await scheduler.triggers.heard.take([1, 2, 3].map((n) => event('shop.a', { subject: n === 3 ? 'y' : 'x', data: { n } })));
    rig.now += 9_000;
    await round();
    expect(await runsOf(id)).toEqual([]);
    await scheduler.triggers.heard.take([event('shop.a', { subject: 'x', data: { n: 4 } })]);
    rig.now += 5_000;
    await round();
    expect(await runsOf(id)).toMatchObject([{ params: { ids: [3] } }]);
    rig.now += 5_000;
    await Promise.all([round(), rig.scheduler().triggers.timers.expire()]);
    await round();
    expect(await runsOf(id)).toMatchObject([{ params: { ids: [3] } }, { params: { ids: [1, 2, 4] } }]);
  });

  it('tell that an event did not follow another one, and nothing when it did, in whatever order they are heard', async () => {
    const absence = { within: '1m', after: { types: ['shop.cart'], filter: '' }, deadline: null, by: 'event.subject' };
    const id = await trigger({
      rule: { types: ['shop.paid'], debounce: null, absence },
      params: { who: '${{ event.subject }}', since: '${{ absence.since }}' },
    });
    const since = new Date(rig.now).toISOString();
    const at = (seconds: number) => new Date(rig.now + seconds * 1_000).toISOString();
    await scheduler.triggers.heard.take([event('shop.cart', { subject: 'lost' }), event('shop.cart', { subject: 'paid' })]);
    await scheduler.triggers.heard.take([event('shop.paid', { subject: 'paid', time: at(5) })]);
    await scheduler.triggers.heard.take([event('shop.paid', { subject: 'early', time: at(6) })]);
    await scheduler.triggers.heard.take([event('shop.cart', { subject: 'early', time: at(4) })]);
    rig.now += 61_000;
    await round();
    expect(await runsOf(id)).toMatchObject([{ params: { who: 'lost', since } }]);
  });

  it('refuse what a loop makes: a run that its own end starts', async () => {
    const id = await trigger({ rule: { types: ['orderlines.instance.succeeded'], debounce: null, absence: null } });
    let subject: string = randomUUID();
    for (let turn = 0; turn < 12; turn += 1) {
      rig.now += 10;
      await scheduler.triggers.heard.take([event('orderlines.instance.succeeded', { subject })]);
      await round();
      const { rows } = await rig.pool.query<{ instance_id: string | null }>(
        'select instance_id from schedule.trigger_evaluation where trigger_id = $1 order by id desc limit 1',
        [id],
      );
      if (rows[0]?.instance_id == null) break;
      subject = rows[0].instance_id;
    }
    expect(await outcomes(id)).toEqual([...Array.from({ length: 9 }, () => 'started'), 'refused loop']);
  });

  it('make no more starts in a minute than they may', async () => {
    const id = await trigger({ maxPerMinute: 2 });
    await scheduler.triggers.heard.take([event('shop.a'), event('shop.a')]);
    await scheduler.triggers.heard.take([event('shop.a')]);
    await round();
    expect((await outcomes(id)).toSorted()).toEqual(['refused throttled', 'started', 'started']);
  });

  it('say why a run could not be started', async () => {
    const id = await trigger({});
    await scheduler.triggers.heard.take([event('shop.a')]);
    await rig.pool.query(
      `update definition.process_version set status = 'offline' where process_id = (select process_id from schedule.trigger where id = $1)`,
      [id],
    );
    await round();
    expect(await outcomes(id)).toEqual(['refused process.not-published']);
  });

  describe('on NATS', () => {
    let nats: TestNats;
    let connection: NatsConnection;
    beforeAll(async () => {
      nats = await startNats();
      connection = await connectNats(nats.url, { name: 'test' });
      await ensureStreams(connection);
    });
    afterAll(async () => {
      await connection?.close();
      await nats?.close();
    });

    it('hear events that somebody published, once each, though two schedulers read and one ends', async () => {
      rig.now = Date.now();
      await rig.pool.query(`update schedule.trigger set enabled = false`);
      const id = await trigger({});
      const schedulers = [rig.scheduler(connection), rig.scheduler(connection)];
      for (const one of schedulers) one.start();
      for (let n = 0; n < 40; n += 1) {
        await insertEvent(
          { query: async (text, values) => (await rig.pool.query(text, values)).rows },
          event('shop.a', { id: String(n % 20), time: new Date().toISOString() }),
          't',
        );
        if (n === 20) await schedulers[0]?.stop();
      }
      const until = Date.now() + 20_000;
      while ((await runsOf(id)).length < 20 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
      await schedulers[1]?.stop();
      expect(await runsOf(id)).toHaveLength(20);
      expect(await outcomes(id)).toEqual(Array.from({ length: 20 }, () => 'started'));
    });
  });
});
