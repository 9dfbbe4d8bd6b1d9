import type { CommittedBatch } from './instance/instance-runner.js';
import { Platform, until } from './testing/platform.js';

/** Waits for the payment of an order; needs no worker. */
const PAID = `name: paid
params: [{ name: order, type: string, required: true }]
outputs: { amount: "\${{ tasks.paid.result }}" }
flow: [{ id: paid, type: wait, signal: payment, key: "\${{ params.order }}", timeout: 1h }]
`;
const IMPATIENT = PAID.replace('1h', '1s');

describe('waits and signals', () => {
  let platform: Platform;
  let version: string;

  beforeEach(async () => {
    platform = await Platform.start();
    version = await platform.publish(PAID);
  }, 60_000);

  afterEach(() => platform.close(), 30_000);

  const start = async (order: string) => (await platform.start(version, { order })).instanceId;
  const outputOf = async (instanceId: string) => {
    await platform.reaches(instanceId, 'SUCCESS');
    const { rows } = await platform.pool.query<{ outputs: { amount: unknown } }>(
      'select outputs from runtime.process_instance where id = $1',
      [instanceId],
    );
    return rows[0]?.outputs.amount;
  };
  const countOf = async (from: string) =>
    Number((await platform.pool.query<{ count: string }>(`select count(*) from runtime.${from}`)).rows[0]?.count);

  it('meet when the wait comes first', async () => {
    await platform.executor();
    const run = await start('1');
    const [wait] = await platform.tasks(run);
    expect(await platform.signal('payment', '1', 90)).toMatchObject({ instanceId: run, taskInstanceId: wait?.id });
    expect(await outputOf(run)).toBe(90);
    expect(await countOf('signal_wait')).toBe(0);
    expect(await countOf('signal where taken_at is not null')).toBe(1);
  }, 60_000);

  it('meet when the signal comes first, once: the next wait waits for the next signal', async () => {
    await platform.executor();
    expect(await platform.signal('payment', '1', 90)).toMatchObject({ instanceId: '', taskInstanceId: '' });
    await platform.signal('payment', '2', 1);
    expect(await outputOf(await start('1'))).toBe(90);
    const second = await start('1');
    await platform.signal('payment', '1', 91);
    expect(await outputOf(second)).toBe(91);
  }, 60_000);

  it('meet in order: the oldest wait takes the oldest signal', async () => {
    await platform.executor();
    const early = [await start('1'), await start('1')];
    for (const amount of [1, 2, 3, 4]) await platform.signal('payment', '1', amount);
    const late = [await start('1'), await start('1')];
    const amounts = [];
    for (const run of [...early, ...late]) amounts.push(await outputOf(run));
    expect(amounts).toEqual([1, 2, 3, 4]);
  }, 60_000);

  it('meet although both come at the same moment to different executors', async () => {
    const executors = [await platform.executor(), await platform.executor()] as const;
    const rounds = Array.from({ length: 60 }, (_, round) => `order ${round}`);
    const pairs = await Promise.all(
      rounds.map(async (order, round) => {
        const [run] = await Promise.all([
          platform.start(version, { order }, { executor: executors[round % 2 === 0 ? 0 : 1] }),
          platform.signal('payment', order, round, { executor: executors[round % 2 === 0 ? 1 : 0] }),
        ]);
        return [run.instanceId, round] as const;
      }),
    );
    for (const [run, round] of pairs) expect(await outputOf(run)).toBe(round);
    expect(await countOf('signal where process_instance_id is null')).toBe(0);
  }, 120_000);

  it('meet one for one when many wait for the same key and many are sent', async () => {
    const executors = [await platform.executor(), await platform.executor()] as const;
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    const [runs] = await Promise.all([
      Promise.all(numbers.map((n) => platform.start(version, { order: 'same' }, { executor: executors[n % 2 === 0 ? 0 : 1] }))),
      Promise.all(numbers.map((n) => platform.signal('payment', 'same', n, { executor: executors[n % 3 === 0 ? 0 : 1] }))),
    ]);
    const amounts = await Promise.all(runs.map(({ instanceId }) => outputOf(instanceId)));
    expect([...amounts].sort((one, other) => Number(one) - Number(other))).toEqual(numbers);
  }, 120_000);

  it('a signal sent again under the same key is the same one; another one under it is refused', async () => {
    const executors = [await platform.executor(), await platform.executor()] as const;
    const again = { idempotencyKey: 'once' };
    const sent = await Promise.all(
      [0, 1, 0, 1, 0, 1].map((which) => platform.signal('payment', '1', 90, { ...again, executor: executors[which === 0 ? 0 : 1] })),
    );
    expect(new Set(sent.map(({ signalId }) => signalId)).size).toBe(1);
    expect(await countOf('signal')).toBe(1);
    expect(await outputOf(await start('1'))).toBe(90);
    expect(await platform.signal('payment', '1', 90, again)).toMatchObject({ signalId: sent[0]?.signalId, repeated: true });
    const other = await start('1');
    await expect(platform.signal('payment', '1', 91, again)).rejects.toThrow('idempotency key');
    expect((await platform.instance(other)).status).toBe('RUNNING');
  }, 60_000);

  it('a wait that ends without its signal leaves it to others', async () => {
    await platform.executor();
    version = await platform.publish(IMPATIENT);
    const gone = await start('1');
    await platform.reaches(gone, 'FAILURE');
    expect((await platform.instance(gone)).error).toMatchObject({ reason: 'timeout.run' });
    const stopped = await start('1');
    await platform.operate(stopped, { name: 'stop' });
    expect(await countOf('signal_wait')).toBe(0);
    expect(await platform.signal('payment', '1', 90)).toMatchObject({ instanceId: '' });
    expect(await outputOf(await start('1'))).toBe(90);
  }, 60_000);

  it('a signal that was meant for a wait which was stopped before it got it goes to the next one', async () => {
    const dead = { now: false };
    const dying = await platform.executor({
      survivesCommit: (batch: CommittedBatch) => !(dead.now ||= batch.met.length > 0),
      sweepMs: 60_000,
    });
    const first = await start('1');
    void platform.signal('payment', '1', 90).catch(() => undefined);
    await until('they have met', 10_000, () => (dead.now ? true : null));
    await platform.closeExecutor(dying);
    await platform.executor({ sweepMs: 60_000 });
    const second = await start('1');
    await platform.operate(first, { name: 'stop' });
    expect(await outputOf(second)).toBe(90);
    expect((await platform.instance(first)).status).toBe('STOP');
  }, 60_000);

  it('survive an executor that dies between the commit in which they met and everything after it, even when the time-out is over', async () => {
    version = await platform.publish(IMPATIENT.replace('1s', '3s'));
    const dead = { now: false };
    const dying = await platform.executor({
      survivesCommit: (batch: CommittedBatch) => !(dead.now ||= batch.met.length > 0),
      sweepMs: 60_000,
    });
    const run = await start('1');
    const unanswered = platform.signal('payment', '1', 90, { idempotencyKey: 'once' }).catch(() => 'no answer');
    await until('they have met', 10_000, () => (dead.now ? true : null));
    await platform.closeExecutor(dying);
    await expect(unanswered).resolves.toBe('no answer');
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    await platform.executor();
    expect(await platform.signal('payment', '1', 90, { idempotencyKey: 'once' })).toMatchObject({ instanceId: run, repeated: true });
    expect(await outputOf(run)).toBe(90);
  }, 60_000);

  it('a signal older than a day is nobody’s any more', async () => {
    await platform.executor();
    await platform.signal('payment', '1', 90);
    await platform.pool.query(`update runtime.signal set sent_at = now() - interval '25 hours'`);
    const run = await start('1');
    await platform.signal('payment', '1', 91);
    expect(await outputOf(run)).toBe(91);
  }, 60_000);

  it('that is too large, or has no name, is refused', async () => {
    await platform.executor();
    await expect(platform.signal('payment', '1', 'x'.repeat(300_000))).rejects.toThrow('larger than 256 KiB');
    await expect(platform.signal('', '1', 1)).rejects.toThrow();
    await expect(platform.signal('payment', 'x'.repeat(201), 1)).rejects.toThrow();
  }, 60_000);
});
