import { createHash } from 'node:crypto';
import { isLargeValue, largeValue, VALUE_CHUNK_BYTES, type Json, type LargeValue } from '@orderlines/contracts';
import { connectNats, VALUES, ValueTransfer, type TaskMessage } from '@orderlines/messaging';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker, type HeldTask } from './testing/scripted-worker.js';

const MIB = 1024 * 1024;

describe('large values', () => {
  let platform: Platform;
  let nats: NatsConnection;
  let transfer: ValueTransfer;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    nats = await connectNats(platform.nats.url, { name: 'transfer' });
    transfer = new ValueTransfer(nats);
  }, 60_000);
  beforeEach(async () => {
    worker = await ScriptedWorker.start(platform.nats.url, { run: () => null });
  });
  afterEach(() => worker.close());
  afterAll(async () => {
    await nats.close();
    await platform.close();
  }, 30_000);

  const held = (instanceId: string, nodeId: string): Promise<HeldTask> =>
    until(`the worker holds ${nodeId}`, 10_000, () => {
      const found = [...worker.held.values()].find(({ task }) => task.instanceId === instanceId && task.node.id === nodeId);
      return found ?? null;
    });
  const holderOf = ({ task: { instanceId, taskInstanceId, queue }, token }: HeldTask) => ({ instanceId, taskInstanceId, queue, token });
  const send = async (by: HeldTask, value: Json): Promise<LargeValue> => {
    const data = Buffer.from(JSON.stringify(value));
    const sha256 = createHash('sha256').update(data).digest('hex');
    const piece = (chunk: number) => data.subarray(chunk * VALUE_CHUNK_BYTES, (chunk + 1) * VALUE_CHUNK_BYTES);
    await transfer.send(holderOf(by), { sha256, bytes: data.length }, piece);
    return largeValue(sha256, data.length);
  };
  const fetched = async (by: HeldTask, value: Json): Promise<Json> => {
    if (!isLargeValue(value)) return value;
    const data = await transfer.fetch(holderOf(by), { sha256: value.$ref.slice('sha256:'.length), bytes: value.bytes });
    return JSON.parse(Buffer.from(data).toString('utf8')) as Json;
  };
  const succeed = (task: TaskMessage, result: { [name: string]: Json }) => worker.finish(task, { status: 'SUCCESS', result });
  const asJson = (value: LargeValue): Json => value as unknown as Json;

  it.each([1, 20])(
    'a result of %i MiB goes through a chain of tasks, each message staying small',
    async (mebibytes) => {
      const version = await platform.publish(`name: chain
flow:
  - { id: one, uses: log, with: { message: x } }
  - { id: two, uses: log, with: { message: "\${{ tasks.one.result.text }}" } }
  - { id: three, uses: log, with: { message: "\${{ tasks.two.result.text }}" } }
outputs: { text: "\${{ tasks.three.result.text }}" }
`);
      const { instanceId } = await platform.start(version);
      const text = 'ü'.repeat((mebibytes * MIB) / 2);
      const first = await held(instanceId, 'one');
      await succeed(first.task, { text: asJson(await send(first, text)) });
      for (const id of ['two', 'three']) {
        const next = await held(instanceId, id);
        expect(JSON.stringify(next.task).length).toBeLessThan(2_000);
        const input = (next.task.input as { message: Json }).message;
        expect((await fetched(next, input)) === text).toBe(true);
        await succeed(next.task, { text: asJson(await send(next, text)) });
      }
      await platform.reaches(instanceId, 'SUCCESS');
      const { rows } = await platform.pool.query<{ count: number }>(
        `select count(distinct sha256)::int as count from runtime.large_value where process_instance_id = $1`,
        [instanceId],
      );
      expect(rows[0]?.count).toBe(1);
    },
    60_000,
  );

  it('are looked into by expressions, and a large input that expressions make lies beside its row', async () => {
    const version = await platform.publish(`name: looked-into
params: [{ name: text, type: text }]
flow:
  - { id: one, uses: log, with: { message: "\${{ params.text + params.text }}" } }
  - { id: two, uses: log, with: { message: "\${{ string(size(tasks.one.result.rows)) }}" } }
`);
    const { instanceId } = await platform.start(version, { text: 'ü'.repeat(100_000) });
    const one = await held(instanceId, 'one');
    expect(await fetched(one, (one.task.input as { message: Json }).message)).toBe('ü'.repeat(200_000));
    await succeed(one.task, { rows: asJson(await send(one, Array(100_000).fill('row\u0000') as Json)) });
    const two = await held(instanceId, 'two');
    expect(two.task.input).toEqual({ message: '100000' });
    await succeed(two.task, {});
    await platform.reaches(instanceId, 'SUCCESS');
  }, 30_000);

  it('are neither taken from nor given to anybody but the holder of a running attempt', async () => {
    const version = await platform.publish('name: guarded\nflow: [{ id: one, uses: log, with: { message: x } }]\n');
    const { instanceId } = await platform.start(version);
    const one = await held(instanceId, 'one');
    const value = await send(one, 'x'.repeat(300_000));
    await expect(send({ ...one, token: 'forged' }, 'y'.repeat(300_000))).rejects.toMatchObject({ code: 'nats.refused' });
    await expect(fetched({ ...one, token: 'forged' }, asJson(value))).rejects.toMatchObject({ code: 'nats.refused' });
    await expect(fetched({ ...one, task: { ...one.task, queue: 'other' } }, asJson(value))).rejects.toMatchObject({ code: 'nats.refused' });
    await expect(fetched(one, asJson(largeValue('0'.repeat(64), 300_000)))).rejects.toMatchObject({ code: 'nats.missing' });
    await succeed(one.task, {});
    await platform.reaches(instanceId, 'SUCCESS');
    await expect(fetched(one, asJson(value))).rejects.toMatchObject({ code: 'nats.refused' });
  }, 30_000);

  it('among params and variables are fetched where the answer to a claim cannot carry them', async () => {
    const version = await platform.publish(`name: wide
params: [{ name: text, type: text }, { name: small, type: integer }]
variables: [{ name: kept, type: text, value: '' }]
flow:
  - { id: keep, type: assign, set: { kept: "\${{ params.text }}" } }
  - { id: one, uses: log, with: { message: x } }
`);
    const text = 'ü'.repeat(200_000);
    const { instanceId } = await platform.start(version, { text, small: 1 });
    const one = await held(instanceId, 'one');
    const { replies: [reply] = [] } = await worker.claim([one.task], worker.session, true);
    if (reply?.granted !== true) throw new Error('not granted');
    expect(reply.params).toMatchObject({ small: 1 });
    expect(await fetched(one, reply.params?.['text'] ?? null)).toBe(text);
    expect(await fetched(one, reply.variables?.['kept'] ?? null)).toBe(text);
    await succeed(one.task, {});
    await platform.reaches(instanceId, 'SUCCESS');
  }, 30_000);

  it('of which more pieces come at once than the executor takes in hand are told to come again', async () => {
    const version = await platform.publish('name: crowd\nflow: [{ id: one, uses: log, with: { message: x } }]\n');
    const { instanceId } = await platform.start(version);
    const one = await held(instanceId, 'one');
    const { queue, ...holder } = holderOf(one);
    const sha256 = createHash('sha256').update('crowd').digest('hex');
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, async (_, chunk) => {
        const named = headers();
        named.set(VALUES.addressHeader, JSON.stringify({ format: 1, ...holder, sha256, chunk }));
        const answer = await nats.request(VALUES.put(queue), Buffer.alloc(1), { timeout: 20_000, headers: named });
        return answer.headers?.get(VALUES.outcomeHeader);
      }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['done', 'busy']));
    await succeed(one.task, { text: asJson(await send(one, 'y'.repeat(MIB))) });
    await platform.reaches(instanceId, 'SUCCESS');
  }, 60_000);

  it('survive a wiped JetStream between the result and its batch: only the small message has to be said again', async () => {
    const version = await platform.publish('name: wiped\nflow: [{ id: one, uses: log, with: { message: x } }]\n');
    const { instanceId } = await platform.start(version);
    const one = await held(instanceId, 'one');
    const text = await send(one, 'x'.repeat(2 * MIB));
    await platform.nats.wipe();
    await worker.finish(one.task, { status: 'SUCCESS', result: { text: asJson(text) } });
    await until('the result is heard', 50_000, async () => {
      await worker.repeat();
      return (await platform.instance(instanceId)).status === 'SUCCESS' ? true : null;
    });
  }, 80_000);
});
