import { credentials, Metadata, status } from '@grpc/grpc-js';
import { callUnary, scheduleRpc } from '@orderlines/rpc';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

describe('schedules over gRPC', () => {
  let harness: GatewayHarness;
  let client: scheduleRpc.ScheduleServiceClient;
  const metadata = new Metadata();
  beforeAll(async () => {
    harness = await startGatewayHarness();
    client = new scheduleRpc.ScheduleServiceClient(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    metadata.set('authorization', `Bearer ${harness.token}`);
    const content = 'apiVersion: orderlines/v1\nkind: Process\nname: load\nflow: [{ id: a, type: end }]\n';
    expect((await harness.ask('POST', 'processes', { content })).status).toBe(201);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await harness.close();
  });

  const options = () => ({ deadlineMs: 20_000, metadata });
  const settings = { process: 'default/load', plan: { trigger: { type: 'cron', expression: '30 2 * * *' } } };

  it('are made, previewed, listed, paused, run and backfilled', async () => {
    const { schedule: made } = await callUnary(client, client.createSchedule, { namespace: '', name: 'nightly', settings }, options());
    expect(made).toMatchObject({ namespace: 'default', state: 'active', settings: { overlap: 'skip', missed: 'last' } });
    expect(made?.nextSlotAt?.toISOString()).toContain('T02:30:00');
    const schedule = 'default/nightly';
    const plan = { trigger: { type: 'interval', every: '2w' } };
    const preview = await callUnary(client, client.previewPlan, { namespace: '', plan, count: 3 }, options());
    expect(preview.slots).toHaveLength(3);
    const page = await callUnary(
      client,
      client.listSchedules,
      { namespace: '', process: 'default/load', state: 'active', pageSize: 0, pageToken: '' },
      options(),
    );
    expect(page.schedules).toHaveLength(1);
    const { slot } = await callUnary(client, client.runSchedule, { schedule, idempotencyKey: 'k' }, options());
    expect(slot).toMatchObject({ series: 'manual', status: 'starting', instanceId: '' });
    const range = { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2026-01-03T00:00:00Z') };
    const request = { schedule, ...range, reprocess: '', maxActive: 0, reverse: false, dry: true };
    expect((await callUnary(client, client.backfillSchedule, request, options())).slots).toHaveLength(2);
    const paused = await callUnary(client, client.pauseSchedule, { schedule, note: 'holidays' }, options());
    expect(paused.schedule).toMatchObject({ state: 'paused', note: 'holidays', nextSlotAt: undefined });
    const slots = await callUnary(client, client.listSlots, { schedule, status: '', pageSize: 0, pageToken: '' }, options());
    expect(slots.slots).toMatchObject([{ id: slot?.id }]);
    const detail = await callUnary(client, client.getSchedule, { schedule }, options());
    expect(detail).toMatchObject({ counts: { starting: 1 }, next: [] });
    await callUnary(client, client.deleteSchedule, { schedule }, options());
    await expect(callUnary(client, client.getSchedule, { schedule }, options())).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('are refused with all that is wrong with them', async () => {
    const wrong = { ...settings, plan: { trigger: { type: 'cron', expression: '0 0 31 2 *' }, zone: 'Mars' } };
    const made = callUnary(client, client.createSchedule, { namespace: '', name: 'wrong', settings: wrong }, options());
    await expect(made).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details: expect.stringContaining('no date fits') as string });
  });
});
