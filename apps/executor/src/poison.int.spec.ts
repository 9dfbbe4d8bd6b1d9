import { connectNats, Publisher, RUNS } from '@orderlines/messaging';
import { randomUUID } from 'node:crypto';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const TWO = 'name: two\nflow:\n  - { id: first, uses: log, with: { message: x } }\n  - { id: second, uses: log, with: { message: x } }\n';

describe('an event that cannot be applied', () => {
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, {
      run: (task) => ((task.input as { message: string }).message === 'hold' ? null : {}),
    });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  const say = async (subject: string, payload: unknown) => {
    const nats = await connectNats(platform.nats.url, { name: 'test' });
    await new Publisher(nats).publish({ subject, payload });
    await nats.close();
  };
  const parked = async (instanceId: string) =>
    (
      await platform.pool.query<{ subject: string; error: string }>(
        'select subject, error from runtime.parked_event where process_instance_id = $1 order by id',
        [instanceId],
      )
    ).rows;

  it('is put aside with its bytes and its reason, holds the later events of its run, and no other run', async () => {
    const hold = await platform.publish('name: hold\nflow:\n  - { id: first, uses: log, with: { message: hold } }\n');
    const { instanceId } = await platform.start(hold);
    const { task } = await until(
      'the worker holds the task',
      10_000,
      () => [...worker.held.values()].find((held) => held.task.instanceId === instanceId) ?? null,
    );
    await say(`${RUNS.prefix(0, 'default', instanceId, randomUUID(), 1)}.finished`, 'nonsense');
    await until('it is parked', 10_000, async () => ((await parked(instanceId)).length === 1 ? true : null));
    await worker.finish(task, { status: 'SUCCESS', result: {} });
    await until('the next one waits behind it', 10_000, async () => ((await parked(instanceId)).length === 2 ? true : null));
    expect((await platform.instance(instanceId)).status).toBe('RUNNING');
    expect((await parked(instanceId)).map(({ error }) => error)).toEqual([
      expect.stringContaining('not understood'),
      expect.stringContaining('waits behind'),
    ]);

    const other = await platform.start(await platform.publish(TWO));
    await platform.reaches(other.instanceId, 'SUCCESS');
    await platform.operate(instanceId, { name: 'stop', force: true });
    await platform.reaches(instanceId, 'STOP');
  });

  it('is dropped by a person, and what waited behind it is applied', async () => {
    const hold = await platform.publish('name: hold\nflow:\n  - { id: first, uses: log, with: { message: hold } }\n');
    const { instanceId } = await platform.start(hold);
    const { task } = await until(
      'the worker holds the task',
      10_000,
      () => [...worker.held.values()].find((held) => held.task.instanceId === instanceId) ?? null,
    );
    await say(`${RUNS.prefix(0, 'default', instanceId, randomUUID(), 1)}.finished`, 'nonsense');
    await until('it is parked', 10_000, async () => ((await parked(instanceId)).length === 1 ? true : null));
    await worker.finish(task, { status: 'SUCCESS', result: {} });
    await until('the next one waits behind it', 10_000, async () => ((await parked(instanceId)).length === 2 ? true : null));
    const [nonsense = '', behind = ''] = (
      await platform.pool.query<{ id: string }>('select id from runtime.parked_event where process_instance_id = $1 order by id', [
        instanceId,
      ])
    ).rows.map(({ id }) => id);
    const decide = (name: 'retry-event' | 'drop-event', eventId: string) => platform.operate(instanceId, { name, eventId });
    await expect(decide('retry-event', nonsense)).rejects.toThrow('Nothing can be made of');
    await expect(decide('retry-event', behind)).rejects.toThrow('An earlier event of the run is parked');
    expect(await decide('drop-event', nonsense)).toMatchObject({ accepted: true });
    expect(await decide('retry-event', behind)).toMatchObject({ accepted: true });
    await platform.reaches(instanceId, 'SUCCESS');
    expect(await parked(instanceId)).toEqual([]);
    await expect(decide('drop-event', behind)).rejects.toThrow('has no parked event');
    const { rows } = await platform.pool.query<{ name: string }>(
      `select f ->> 'name' as name from runtime.history h, jsonb_array_elements(h.facts) f
        where h.process_instance_id = $1 and f ->> 'type' = 'operation' order by h.seq`,
      [instanceId],
    );
    expect(rows.map(({ name }) => name)).toEqual(['drop-event', 'retry-event']);
  });

  it('is not made of a result that cannot be stored: the attempt fails and says so', async () => {
    const hold = await platform.publish('name: hold\nflow:\n  - { id: first, uses: log, with: { message: hold } }\n');
    const { instanceId } = await platform.start(hold);
    const { task } = await until(
      'the worker holds the task',
      10_000,
      () => [...worker.held.values()].find((held) => held.task.instanceId === instanceId) ?? null,
    );
    let deep: unknown = 1;
    for (let level = 0; level < 100; level++) deep = [deep];
    await worker.finish(task, { status: 'SUCCESS', result: deep as never });
    const { error } = await platform.reaches(instanceId, 'FAILURE');
    expect(error).toMatchObject({ reason: 'plugin' });
    expect(error?.message).toContain('cannot be stored');
  });

  it('is not made of NUL and half an emoji: they are replaced', async () => {
    const hold = await platform.publish('name: hold\nflow:\n  - { id: first, uses: log, with: { message: hold } }\n');
    const { instanceId } = await platform.start(hold);
    const { task } = await until(
      'the worker holds the task',
      10_000,
      () => [...worker.held.values()].find((held) => held.task.instanceId === instanceId) ?? null,
    );
    await worker.finish(task, { status: 'SUCCESS', result: { text: 'a\u0000b\ud83d' } });
    await platform.reaches(instanceId, 'SUCCESS');
    expect((await platform.tasks(instanceId))[0]?.result).toEqual({ text: 'a\ufffdb\ufffd' });
  });

  it('is not made by an expression that cuts an emoji in two, nor by the failure of one', async () => {
    const half = await platform.publish(`name: half
variables: [{ name: halves, type: list, value: [] }]
flow:
  - { id: cut, type: assign, set: { halves: "\${{ split('😀', '') }}" } }
  - { id: no, type: assign, onError: ignore, set: { halves: "\${{ [int('${'q'.repeat(39)}😀')] }}" } }
`);
    const { instanceId } = await platform.start(half);
    const { variables } = await platform.reaches(instanceId, 'SUCCESS');
    expect(variables).toEqual({ halves: ['\ufffd', '\ufffd'] });
  });
});
