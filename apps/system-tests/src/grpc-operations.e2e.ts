import { credentials, Metadata, status } from '@grpc/grpc-js';
import { callUnary, instanceRpc } from '@orderlines/rpc';
import { join } from 'node:path';
import { build, buildText, endOf, runThat } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { WORKSPACE } from './harness/workspace.js';

const HEAD = 'apiVersion: orderlines/v1\nkind: Process\nnamespace: system-tests\n';
const ASKS = `${HEAD}name: asks
flow:
  - { id: ask, type: approval, users: [admin], message: 'Ship it?', form: [{ name: size, type: integer, required: true }] }
  - { id: take, type: wait, signal: paid, key: order-1, timeout: 1h }
outputs: { size: "\${{ tasks.ask.result.answers[0].values.size }}", paid: "\${{ tasks.take.result }}" }
`;
const HELD = `${HEAD}name: held-by-grpc\nflow: [{ id: no, uses: fail, with: { message: no }, onError: hold }]`;

describe('people, signals, debugging and batches over gRPC', () => {
  let system: WholeSystem;
  let client: instanceRpc.InstanceServiceClient;
  let metadata: Metadata;

  beforeAll(async () => {
    system = await startWholeSystem();
    client = new instanceRpc.InstanceServiceClient(system.platform.grpcAddress, credentials.createInsecure());
    metadata = new Metadata();
    metadata.set('authorization', `Bearer ${system.platform.token}`);
    await buildText(system.platform, ASKS);
    await buildText(system.platform, HELD);
    await build(system.platform, join(WORKSPACE, 'examples/breakpoint.yaml'));
  });
  afterAll(async () => {
    client?.close();
    await system?.close();
  });

  const options = () => ({ deadlineMs: 20_000, metadata });
  const start = async (process: string, mode = ''): Promise<string> => {
    const request = { process, params: {}, mode, stops: '', idempotencyKey: '' };
    return (await callUnary(client, client.startInstance, request, options())).id;
  };
  const waitsAt = (id: string, nodeId: string) =>
    runThat(system.platform, id, `waits at ${nodeId}`, ({ tasks }) =>
      tasks.some((task) => task.nodeId === nodeId && (task.status === 'WAITING' || task.status === 'FAILURE')),
    );
  const explain = (id: string) => callUnary(client, client.explainInstance, { id }, options());

  it('an approval is listed, refused with all that is wrong, and answered once; a signal ends the wait', async () => {
    const id = await start('system-tests/asks');
    await waitsAt(id, 'ask');
    expect((await explain(id)).waits).toMatchObject([{ path: 'ask', reason: { kind: 'approval' }, advice: expect.any(String) }]);
    const page = await callUnary(
      client,
      client.listApprovals,
      { mine: true, status: 'WAITING', id, pageSize: 0, pageToken: '' },
      options(),
    );
    expect(page.approvals).toMatchObject([
      { instanceId: id, nodeId: 'ask', message: 'Ship it?', mayAnswer: true, askedAt: expect.any(Date) },
    ]);
    const [approval] = page.approvals;
    const answer = (values: { [key: string]: unknown }) =>
      callUnary(
        client,
        client.answerApproval,
        { id, taskId: approval?.taskId ?? '', decision: 'approve', comment: 'fine', values, attempt: 0, idempotencyKey: '' },
        options(),
      );
    await expect(answer({ size: 'large' })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await answer({ size: 3 })).toMatchObject({ decision: 'approved', have: 1, need: 1 });
    await expect(answer({ size: 3 })).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    await waitsAt(id, 'take');
    const signal = { namespace: 'system-tests', name: 'paid', key: 'order-1', payload: { sum: 7 }, idempotencyKey: 'paid-once' };
    const sent = await callUnary(client, client.sendSignal, signal, options());
    expect(sent).toMatchObject({ instanceId: id });
    expect(await callUnary(client, client.sendSignal, signal, options())).toEqual(sent);
    expect(await endOf(system.platform, id)).toMatchObject({ status: 'SUCCESS', outputs: { size: 3, paid: { sum: 7 } } });
  });

  it('a debugged run is stepped through, and refused an action that is none', async () => {
    const id = await start('default/load-with-a-look', 'debug');
    await waitsAt(id, 'load');
    const debug = (action: { [key: string]: unknown }) =>
      callUnary(client, client.debugInstance, { id, action, idempotencyKey: '' }, options());
    await expect(debug({ action: 'fly' })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await debug({ action: 'step' })).toMatchObject({ status: 'RUNNING' });
    const { permitted } = await callUnary(client, client.getInstance, { id }, options());
    expect(permitted).toEqual(['stop', 'pause', 'debug']);
    await debug({ action: 'stop' });
    expect((await endOf(system.platform, id)).status).toBe('STOP');
    await expect(debug({ action: 'step' })).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
  });

  it('a batch says for each run what became of it, first without doing it', async () => {
    const ids = [await start('system-tests/held-by-grpc'), await start('system-tests/held-by-grpc')];
    for (const id of ids) await waitsAt(id, 'no');
    const batch = (operation: string, dry: boolean) =>
      callUnary(
        client,
        client.operateInstances,
        { operation, force: false, ids, process: '', namespace: '', status: '', dry, pageSize: 0, pageToken: '', idempotencyKey: '' },
        options(),
      );
    const outcomes = async (answer: ReturnType<typeof batch>) => (await answer).instances.map(({ outcome, nodes }) => [outcome, ...nodes]);
    expect(await outcomes(batch('skip', true))).toEqual([
      ['allowed', 'no'],
      ['allowed', 'no'],
    ]);
    expect(await outcomes(batch('skip', false))).toEqual([
      ['done', 'no'],
      ['done', 'no'],
    ]);
    for (const id of ids) expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
    expect(await outcomes(batch('pause', false))).toEqual([['refused'], ['refused']]);
    await expect(batch('fly', false)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('there are no parked events, and none can be tried again', async () => {
    const page = await callUnary(client, client.listParkedEvents, { instanceId: '', pageSize: 0, pageToken: '' }, options());
    expect(page).toEqual({ events: [], nextPageToken: '' });
    for (const method of [client.retryParkedEvent, client.dropParkedEvent]) {
      const call = callUnary(client, method, { eventId: 'no', idempotencyKey: '' }, options());
      await expect(call).rejects.toMatchObject({ code: status.NOT_FOUND });
    }
  });
});
