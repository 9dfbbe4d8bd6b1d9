import type { ScheduleView, SlotView } from '@orderlines/contracts';
import { eventually } from './harness/eventually.js';
import { freePort } from './harness/free-port.js';
import { buildProcess } from './harness/load.js';
import type { ServiceProcess } from './harness/service-process.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

/** Faults A14–A19 of the older scheduler, each shown not to be there, on a scheduler that was started before there were any schedules. */
describe('what the older scheduler did wrong', () => {
  let system: WholeSystem;
  let scheduler: ServiceProcess;
  const everyTwoSeconds = { trigger: { type: 'cron', expression: '*/2 * * * * *' } };

  beforeAll(async () => {
    system = await startWholeSystem();
    scheduler = await system.platform.makeScheduler('scheduler', await freePort()).start();
    const definition = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'at-once', flow: [{ id: 'done', type: 'end' }] };
    await buildProcess(system.platform, JSON.stringify(definition));
  }, 120_000);
  afterAll(async () => {
    await scheduler?.stop();
    await system?.close();
  });

  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await system.platform.fetch(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const make = (name: string, plan: object, more: object = {}): Promise<ScheduleView> =>
    ask('POST', 'schedules', { name, process: 'default/at-once', plan, ...more });
  const slots = async (id: string): Promise<SlotView[]> => (await ask<{ items: SlotView[] }>('GET', `schedules/${id}/slots`)).items;
  const withStatus = (id: string, status: string): Promise<SlotView> =>
    eventually(
      `a slot is ${status}`,
      async () => {
        const all = await slots(id);
        const found = all.find((slot) => slot.status === status);
        if (found === undefined) throw new Error(JSON.stringify(all.slice(0, 3)));
        return found;
      },
      { limitMs: 60_000 },
    );

  it('A14: the master switch and the window hold runs back, and the ledger says so', async () => {
    const { id } = await make('switched', everyTwoSeconds);
    await withStatus(id, 'succeeded');
    await ask('PUT', 'parameters/stop_all_schedule', { value: true });
    expect(await withStatus(id, 'skipped')).toMatchObject({ reason: 'switched-off', instanceId: null });
    await ask('PUT', 'parameters/stop_all_schedule', { value: false });
    const end = new Date(Date.now() + 6_000).toISOString();
    const windowed = await make('windowed', { ...everyTwoSeconds, end });
    await eventually(
      'the schedule has ended',
      async () => {
        const { state } = await ask<ScheduleView>('GET', `schedules/${windowed.id}`);
        if (state !== 'ended') throw new Error(state);
        return true;
      },
      { limitMs: 60_000 },
    );
    expect((await slots(windowed.id)).every(({ slotAt }) => slotAt < end)).toBe(true);
    await ask('DELETE', `schedules/${id}`);
  });

  it('A15, A16: a cron made over HTTP fires by a scheduler in another process, and goes on when that is killed and comes back', async () => {
    const { id } = await make('cron', everyTwoSeconds);
    const { instanceId } = await withStatus(id, 'succeeded');
    expect(await ask('GET', `instances/${instanceId}`)).toMatchObject({ origin: 'schedule', startedBy: 'schedule:default/cron' });
    await scheduler.kill();
    await scheduler.start();
    const begun = new Date().toISOString();
    await eventually(
      'it fires again',
      async () => {
        const again = (await slots(id)).some(({ slotAt, instanceId: run }) => run !== null && slotAt > begun);
        if (!again) throw new Error('not yet');
        return true;
      },
      { limitMs: 60_000 },
    );
    await ask('DELETE', `schedules/${id}`);
  });

  it('A17: zone, start and end of a plan are kept', async () => {
    const plan = { trigger: { type: 'cron', expression: '0 9 * * *' }, zone: 'Asia/Shanghai', start: '2040-01-01', end: '2040-01-03' };
    const { id, nextSlotAt } = await make('kept', plan);
    expect(nextSlotAt).toBe('2040-01-01T01:00:00.000Z');
    const { slots: ahead } = await ask<{ slots: { slotAt: string }[] }>('GET', `schedules/${id}/preview`);
    expect(ahead.map(({ slotAt }) => slotAt)).toEqual(['2040-01-01T01:00:00.000Z', '2040-01-02T01:00:00.000Z']);
  });

  it('A18, A19: a process has several schedules, and a change of one changes no other', async () => {
    const yearly = { trigger: { type: 'cron', expression: '0 0 1 1 *' } };
    const [one, other] = [await make('one', yearly), await make('other', yearly)];
    await ask('PUT', `schedules/${one.id}`, { process: 'default/at-once', plan: { trigger: { type: 'cron', expression: '0 0 1 2 *' } } });
    expect(await ask<ScheduleView>('GET', `schedules/${other.id}`)).toMatchObject({ plan: other.plan, nextSlotAt: other.nextSlotAt });
    expect((await ask<ScheduleView>('GET', `schedules/${one.id}`)).nextSlotAt).toContain('-02-01T');
  });

  it('a run that is stopped takes its schedule along when it is asked to, and recovering resumes it', async () => {
    const definition = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'waits', flow: [{ id: 'w', type: 'delay', for: '1h' }] };
    await buildProcess(system.platform, JSON.stringify(definition));
    const { id } = await make('with-runs', everyTwoSeconds, { process: 'default/waits' });
    const { instanceId } = await withStatus(id, 'running');
    await system.platform.json(['paused-process', '-ps_id', instanceId ?? '', '--stop_schedule']);
    expect(await ask<ScheduleView>('GET', `schedules/${id}`)).toMatchObject({ state: 'paused', note: `paused with run ${instanceId}` });
    await system.platform.json(['recover-process', '-ps_id', instanceId ?? '', '--recover_schedule']);
    expect(await ask<ScheduleView>('GET', `schedules/${id}`)).toMatchObject({ state: 'active' });
    await system.platform.json(['stop-process', '-ps_id', instanceId ?? '', '--stop_schedule', '--force']);
    expect((await ask<ScheduleView>('GET', `schedules/${id}`)).state).toBe('paused');
    await withStatus(id, 'stopped');
  });
});
