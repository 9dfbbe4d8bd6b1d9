import { join } from 'node:path';
import { build, buildText, endOf, runThat, start, type Run } from './harness/runs.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';
import { WORKSPACE } from './harness/workspace.js';

const TWO_OF_THREE = `
apiVersion: orderlines/v1
kind: Process
namespace: system-tests
name: two-of-three
flow:
  - id: ask
    type: approval
    users: [alice, bob, admin]
    quorum: 2
    noSelfApproval: true
    form: [{ name: window, type: string, enum: [day, night], required: true }, { name: batch, type: integer, max: 100, default: 40 }]
  - { id: ship, uses: log, with: { message: 'by \${{ tasks.ask.result.values.window }}' } }
`;

describe('people and signals', () => {
  let system: WholeSystem;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    system = await startWholeSystem();
    for (const userName of ['alice', 'bob', 'mallory']) {
      const password = `a long password of ours`;
      const made = await system.platform.fetch('users', {
        method: 'POST',
        body: JSON.stringify({ userName, password, roles: ['viewer'] }),
      });
      if (!made.ok) throw new Error(await made.text());
      const session = await system.platform.fetch('sessions', { method: 'POST', body: JSON.stringify({ login: userName, password }) });
      tokens.set(userName, ((await session.json()) as { token: string }).token);
    }
  });
  afterAll(() => system?.close());

  const asked = async (userName: string, path: string, body?: object) => {
    const answer = await system.platform.fetch(path, {
      headers: { authorization: `Bearer ${tokens.get(userName) ?? system.platform.token}` },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const waiting = (id: string, nodeId: string): Promise<Run> =>
    runThat(system.platform, id, `waits at ${nodeId}`, ({ tasks }) =>
      tasks.some((task) => task.nodeId === nodeId && task.status === 'WAITING'),
    );
  const openFor = async (userName: string): Promise<unknown[]> => (await asked(userName, 'approvals?mine=true')).body['items'] as unknown[];

  it('an approval is answered by the command line, with its form', async () => {
    await build(system.platform, join(WORKSPACE, 'examples/approval.yaml'));
    const id = await start(system.platform, 'default/approve-release', { version: 'v1.2.0' });
    await waiting(id, 'ask');
    expect((await system.platform.orderlines(['approvals'])).stdout).toContain('Ship v1.2.0 of approve-release? Started by admin.');
    const wrong = await system.platform.orderlines(['approve', id, '--set', 'window=noon']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('must be one of "day", "night"') });
    const taken = await system.platform.json(['approve', id, 'ask', '--set', 'window=night', '--comment', 'tests are green']);
    expect(taken).toMatchObject({ decision: 'approved', have: 1, need: 1 });
    const run = await endOf(system.platform, id);
    expect(run.status).toBe('SUCCESS');
    expect(run.tasks.find(({ nodeId }) => nodeId === 'ask')?.result).toMatchObject({
      decision: 'approved',
      answers: [{ user: 'admin', decision: 'approve', comment: 'tests are green', values: { window: 'night', batch: 40 } }],
    });
    const again = await system.platform.orderlines(['approve', id, 'ask', '--set', 'window=day']);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('it is SUCCESS') });
  });

  it('an approval is for those who are asked, once each, and not for who started the run', async () => {
    await buildText(system.platform, TWO_OF_THREE);
    const id = await start(system.platform, 'system-tests/two-of-three');
    const task = (await waiting(id, 'ask')).tasks[0]?.id ?? '';
    const answer = (userName: string, body: object) => asked(userName, `instances/${id}/tasks/${task}/approval`, body);
    expect([await openFor('alice'), await openFor('mallory'), await openFor('admin')].map((items) => items.length)).toEqual([1, 0, 0]);
    const yes = { decision: 'approve', values: { window: 'day' } };
    expect(await answer('mallory', yes)).toMatchObject({ status: 403, body: { code: 'approval.not-a-candidate' } });
    expect(await answer('admin', yes)).toMatchObject({ status: 403, body: { code: 'approval.own-run' } });
    const wrong = await answer('alice', { decision: 'approve', values: { batch: '200', windo: 'day' } });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'approval.invalid-values' } });
    expect((wrong.body['errors'] as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'values.batch',
      'values.windo',
      'values.window',
    ]);
    expect(await answer('alice', yes)).toMatchObject({ status: 200, body: { decision: null, have: 1, need: 2, status: 'RUNNING' } });
    expect(await answer('alice', yes)).toMatchObject({ status: 200, body: { have: 1, need: 2 } });
    expect(await answer('alice', { decision: 'reject' })).toMatchObject({
      status: 409,
      body: { code: 'approval.answered', instanceStatus: 'RUNNING' },
    });
    expect(await openFor('alice')).toEqual([]);
    expect(await answer('bob', { ...yes, attempt: 2 })).toMatchObject({ status: 409, body: { code: 'approval.round-over' } });
    expect(await asked('bob', `instances/${id}/tasks/${id}/approval`, yes)).toMatchObject({
      status: 404,
      body: { code: 'task.not-found' },
    });
    expect(await answer('bob', yes)).toMatchObject({ status: 200, body: { decision: 'approved', have: 2, need: 2 } });
    expect((await endOf(system.platform, id)).status).toBe('SUCCESS');
    expect(await answer('bob', yes)).toMatchObject({ status: 409, body: { code: 'approval.closed', instanceStatus: 'SUCCESS' } });
    const { body } = await asked('alice', `approvals?instance=${id}`);
    expect(body['items']).toMatchObject([
      { status: 'SUCCESS', decision: 'approved', have: 2, answers: [{ user: 'alice' }, { user: 'bob' }] },
    ]);
  });

  it('a wait takes its signal, whichever comes first', async () => {
    await build(system.platform, join(WORKSPACE, 'examples/wait.yaml'));
    const first = await start(system.platform, 'default/await-payment', { order: 1 });
    await waiting(first, 'paid');
    const sent = ['signal', 'payment', '--payload', '{"amount": 90}', '--key'];
    expect(await system.platform.json([...sent, '1'])).toMatchObject({ instanceId: first });
    expect(await system.platform.json([...sent, '2', '--idempotency-key', 'two'])).toMatchObject({ instanceId: null });
    await system.platform.json([...sent, '2', '--idempotency-key', 'two']);
    const second = await start(system.platform, 'default/await-payment', { order: 2 });
    for (const id of [first, second]) {
      const run = await endOf(system.platform, id);
      expect(run.tasks.map(({ nodeId, status, result }) => [nodeId, status, result])[0]).toEqual(['paid', 'SUCCESS', { amount: 90 }]);
    }
    const third = await start(system.platform, 'default/await-payment', { order: 2 });
    await waiting(third, 'paid');
    expect((await system.platform.json<{ status: string }>(['stop-process', third, '--wait'])).status).toBe('STOP');
  });
});
