import { credentials, Metadata, status } from '@grpc/grpc-js';
import { callUnary, triggerRpc } from '@orderlines/rpc';
import { startGatewayHarness, type GatewayHarness } from '../testing/gateway-harness.js';

describe('triggers over gRPC', () => {
  let harness: GatewayHarness;
  let client: triggerRpc.TriggerServiceClient;
  const metadata = new Metadata();
  beforeAll(async () => {
    harness = await startGatewayHarness();
    client = new triggerRpc.TriggerServiceClient(`127.0.0.1:${harness.gateway.grpcPort}`, credentials.createInsecure());
    metadata.set('authorization', `Bearer ${harness.token}`);
    const content = 'apiVersion: orderlines/v1\nkind: Process\nname: load\nflow: [{ id: a, type: end }]\n';
    expect((await harness.ask('POST', 'processes', { content })).status).toBe(201);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await harness.close();
  });

  const options = () => ({ deadlineMs: 20_000, metadata });
  const settings = { process: 'default/load', webhook: {}, filter: 'event.body.ok' };

  it('are made, tried, listed, disabled, rotated, changed and removed', async () => {
    const { trigger: made } = await callUnary(client, client.createTrigger, { namespace: '', name: 'hook', settings }, options());
    expect(made).toMatchObject({ namespace: 'default', kind: 'webhook', enabled: true, settings: { maxPerMinute: 60 } });
    const trigger = 'default/hook';
    const tried = await callUnary(client, client.tryTrigger, { trigger, event: { body: { ok: true } } }, options());
    expect(tried).toMatchObject({ matches: true, reason: '', params: {} });
    await fetch(`http://127.0.0.1:${harness.gateway.port}${made?.path}`, { method: 'POST' });
    const page = { pageSize: 0, pageToken: '' };
    const { evaluations } = await callUnary(client, client.listEvaluations, { trigger, outcome: 'received', ...page }, options());
    expect(evaluations).toMatchObject([{ triggerId: made?.id, instanceId: '' }]);
    expect(await callUnary(client, client.getTrigger, { trigger }, options())).toMatchObject({
      counts: { received: 1 },
      trigger: { path: '' },
    });
    const { trigger: rotated } = await callUnary(client, client.rotateTrigger, { trigger }, options());
    expect(rotated?.path).not.toBe(made?.path);
    const disabled = await callUnary(client, client.disableTrigger, { trigger, note: 'loud' }, options());
    expect(disabled.trigger).toMatchObject({ enabled: false, note: 'loud' });
    expect((await callUnary(client, client.enableTrigger, { trigger }, options())).trigger).toMatchObject({ enabled: true });
    const changed = { process: 'default/load', event: { types: ['shop.*'] } };
    expect((await callUnary(client, client.updateTrigger, { trigger, settings: changed }, options())).trigger).toMatchObject({
      kind: 'event',
    });
    const { triggers } = await callUnary(client, client.listTriggers, { namespace: '', process: '', kind: 'event', ...page }, options());
    expect(triggers).toHaveLength(1);
    await callUnary(client, client.deleteTrigger, { trigger }, options());
    await expect(callUnary(client, client.getTrigger, { trigger }, options())).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('take events once, and none that only the platform may say', async () => {
    const tell = (type: string) => callUnary(client, client.publishEvents, { events: [{ type, id: '1', source: 'shop' }] }, options());
    expect(await tell('shop.opened')).toEqual({ events: [{ id: '1', source: 'shop', known: false }] });
    expect(await tell('shop.opened')).toEqual({ events: [{ id: '1', source: 'shop', known: true }] });
    await expect(tell('orderlines.instance.failed')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});
