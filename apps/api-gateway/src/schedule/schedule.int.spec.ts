import type { BackfillPlan, BackfillView, ScheduleDetail, SchedulePage, ScheduleView, SlotPreview, SlotView } from '@orderlines/contracts';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const nightly = { trigger: { type: 'cron', expression: '30 2 * * *' }, zone: 'Europe/Berlin' };

describe('schedules over HTTP', () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    const content =
      'apiVersion: orderlines/v1\nkind: Process\nname: load\nparams: [{ name: day, type: integer, default: 1 }]\nflow: [{ id: a, type: end }]\n';
    expect((await harness.ask('POST', 'processes', { content })).status).toBe(201);
  }, 60_000);
  afterAll(() => harness.close());

  const ask = async <T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
    const answer = await harness.ask(method, path, body);
    return { status: answer.status, body: (answer.status === 204 ? undefined : await answer.json()) as T };
  };
  const make = async (name: string, more: object = {}): Promise<ScheduleView> => {
    const { status, body } = await ask<ScheduleView>('POST', 'schedules', { name, process: 'default/load', plan: nightly, ...more });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body;
  };

  it('are made, shown with their next times, changed, paused with a note, resumed and removed', async () => {
    const { id, nextSlotAt } = await make('nightly', { params: { day: '7' } });
    expect(Date.parse(nextSlotAt ?? '') - Date.now()).toBeLessThan(DAY_MS + HOUR_MS);
    const { body: detail } = await ask<ScheduleDetail>('GET', `schedules/${encodeURIComponent('default/nightly')}`);
    expect(detail).toMatchObject({
      id,
      state: 'active',
      switchedOn: true,
      counts: {},
      overlap: 'skip',
      missed: 'last',
      process: 'default/load',
    });
    expect(detail.next).toHaveLength(10);
    const { body: paused } = await ask<ScheduleView>('POST', `schedules/${id}/pause`, { note: 'holidays' });
    expect(paused).toMatchObject({ state: 'paused', note: 'holidays', nextSlotAt: null, stateBy: 'admin' });
    expect((await ask<ScheduleView>('POST', `schedules/${id}/resume`, {})).body).toMatchObject({ state: 'active', nextSlotAt });
    const { body: changed } = await ask<ScheduleView>('PUT', `schedules/${id}`, {
      process: 'default/load@1',
      plan: { ...nightly, zone: 'UTC' },
    });
    expect(changed).toMatchObject({ process: 'default/load@1', plan: { zone: 'UTC' } });
    expect(changed.nextSlotAt).toContain('T02:30:00');
    expect((await ask<SchedulePage>('GET', 'schedules?process=default/load&name=NIGHT')).body.items).toHaveLength(1);
    expect((await ask('DELETE', `schedules/${id}`)).status).toBe(204);
    expect((await ask('GET', `schedules/${id}`)).status).toBe(404);
    const { rows } = await harness.pool.query<{ action: string }>(
      `select action from system.audit_record where subject_id = $1 order by id`,
      [id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['create', 'pause', 'resume', 'update', 'delete']);
  });

  it.each([
    ['the 31st of February', { plan: { trigger: { type: 'cron', expression: '0 0 31 2 *' } } }, 'plan.trigger.expression'],
    ['a past date', { plan: { trigger: { type: 'date', at: '2020-01-01T00:00' } } }, 'plan.trigger.at'],
    ['an unknown zone', { plan: { ...nightly, zone: 'Mars/Olympus' } }, 'plan.zone'],
    ['an end before the start', { plan: { ...nightly, start: '2031-02-01', end: '2031-01-01' } }, 'plan.end'],
    ['a calendar that is not there', { plan: { ...nightly, calendars: ['none'] } }, 'plan.calendars[0]'],
    ['params that do not fit', { params: { day: 'soon' } }, 'params.day'],
    ['a catch-up window beyond what is known of starts', { catchUp: '8d' }, 'catchUp'],
    [
      'a callback that reads what is not there',
      { callbacks: [{ states: ['failed'], process: 'default/load', params: { day: '${{ tasks.a }}' } }] },
      'callbacks[0].params.day',
    ],
  ])('refuse %s with the reason and the place', async (_what, more, path) => {
    const { status, body } = await ask<{ errors: { path: string; message: string }[] }>('POST', 'schedules', {
      ...{ name: 'wrong', process: 'default/load', plan: nightly },
      ...more,
    });
    expect(status).toBe(422);
    expect(body.errors.map((problem) => problem.path)).toEqual([path]);
    expect(body.errors[0]?.message).toBeTruthy();
  });

  it('of the same name are refused; a process may have several', async () => {
    await make('first');
    await make('second');
    const { status, body } = await ask<{ code: string }>('POST', 'schedules', { name: 'first', process: 'default/load', plan: nightly });
    expect([status, body.code]).toEqual([409, 'schedule.name-taken']);
  });

  it('leave out the days of a calendar, also when that changes, and hold it', async () => {
    const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
    expect((await ask('PUT', 'calendars/holidays', { dates: [`${day(-1)}/${day(2)}`] })).status).toBe(200);
    const { id, nextSlotAt } = await make('calm', { plan: { ...nightly, zone: 'UTC', calendars: ['holidays'] } });
    expect(nextSlotAt?.slice(0, 10)).toBe(day(3));
    await ask('PUT', 'calendars/holidays', { dates: [`${day(-1)}/${day(5)}`] });
    expect((await ask<ScheduleDetail>('GET', `schedules/${id}`)).body.nextSlotAt?.slice(0, 10)).toBe(day(6));
    expect((await ask('GET', 'calendars')).body).toMatchObject([{ namespace: 'default', name: 'holidays' }]);
    expect((await ask('GET', 'calendars?namespace=shop')).body).toEqual([]);
    expect((await ask('DELETE', 'calendars/holidays')).status).toBe(409);
    await ask('DELETE', `schedules/${id}`);
    expect((await ask('DELETE', 'calendars/holidays')).status).toBe(204);
  });

  it('say beforehand when a plan fires', async () => {
    const plan = { trigger: { type: 'cron', expression: '0 0 29 2 *' }, zone: 'Asia/Shanghai' };
    const { body } = await ask<SlotPreview>('POST', 'schedules/preview', { plan, count: 2, after: '2027-01-01T00:00:00Z' });
    expect(body.slots.map(({ slotAt, shown }) => `${slotAt} ${shown}`)).toEqual([
      '2028-02-28T16:00:00.000Z 2028-02-29T00:00:00',
      '2032-02-28T16:00:00.000Z 2032-02-29T00:00:00',
    ]);
  });

  it('run now, once under one key', async () => {
    const { id } = await make('now');
    const run = async (key: string) =>
      (await (await harness.ask('POST', `schedules/${id}/run`, {}, { 'idempotency-key': key })).json()) as SlotView;
    const first = await run('one');
    expect(first).toMatchObject({ series: 'manual', status: 'starting', decidedBy: 'admin' });
    expect((await run('one')).id).toBe(first.id);
    expect((await run('two')).id).not.toBe(first.id);
  });

  it('backfill a range: dry first, then as many slots as have not run', async () => {
    const { id } = await make('filled', { plan: { ...nightly, zone: 'UTC' } });
    const range = { from: '2026-01-01T00:00:00Z', until: '2026-01-04T00:00:00Z' };
    await harness.pool.query(
      `insert into schedule.slot (id, schedule_id, series, slot_at, due_at, status, created_at, finished_at)
        values (gen_random_uuid(), $1, 'schedule', '2026-01-02T02:30:00Z', now(), 'failed', now(), now())`,
      [id],
    );
    const dry = (more: object) => ask<BackfillPlan>('POST', `schedules/${id}/backfills`, { ...range, dry: true, ...more });
    expect((await dry({ reverse: true })).body).toEqual({ slots: ['2026-01-03T02:30:00.000Z', '2026-01-01T02:30:00.000Z'], left: 1 });
    expect((await dry({ reprocess: 'failed' })).body.slots).toHaveLength(3);
    const { status, body } = await ask<BackfillView>('POST', `schedules/${id}/backfills`, range);
    expect([status, body]).toEqual([201, expect.objectContaining({ state: 'running', slots: 2, begun: 0 })]);
    expect((await ask<BackfillView>('POST', `schedules/${id}/backfills/${body.id}/cancel`, {})).body.state).toBe('cancelled');
    expect((await ask('POST', `schedules/${id}/backfills`, { ...range, until: range.from })).status).toBe(422);
  });
});
