import { createLogger } from '@orderlines/service-host';
import { StoreError } from '../store/store-error.js';
import type { BatchItem, Outcome } from './batch-item.js';
import { BatchLoop, type BatchWork } from './batch-loop.js';

const settings = {
  taskTimeoutMs: 1,
  processTimeoutMs: 1,
  graceMs: 1,
  teardownTimeoutMs: 1,
  callbackTimeoutMs: 1,
  taskOnError: 'raise',
  runCallbacks: [],
} as const;
const sqlError = (code: string) => Object.assign(new Error(`SQLSTATE ${code}`), { code });

/** A store that does what the test says, and remembers what it was given. */
const storeOf = (refuses: (items: readonly BatchItem[], turn: number) => unknown = () => null) => {
  const batches: string[][] = [];
  const told: string[] = [];
  const work: BatchWork = {
    run: async (items) => {
      batches.push(items.map(({ instanceId }) => instanceId));
      await new Promise((resolve) => setImmediate(resolve));
      const error = refuses(items, batches.length);
      if (error !== null) throw error;
      return { now: 0, settings, runs: [], met: [], settlements: items.map((item) => [item, { kind: 'done', answer: null }] as const) };
    },
    carryOut: async ({ settlements }) => settlements.forEach(([item, outcome]) => item.settle(outcome)),
    reachable: async () => true,
    storeLost: () => told.push('lost'),
    storeBack: () => told.push('back'),
    repeated: () => told.push('repeated'),
  };
  return { loop: new BatchLoop(work, createLogger('test', 'silent')), batches, told };
};

const submit = (loop: BatchLoop, instanceId: string, changes: Partial<BatchItem> = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const event = { kind: 'process-deadline' } as const;
    loop.submit({ kind: 'event', instanceId, event, bytes: 1, alone: false, waitsUntil: null, settle: resolve, ...changes } as BatchItem);
  });
const kinds = async (outcomes: readonly Promise<Outcome>[]) => (await Promise.all(outcomes)).map(({ kind }) => kind);

describe('the loop of batches', () => {
  it('takes what arrived meanwhile into the next batch, up to its limits', async () => {
    const { loop, batches } = storeOf();
    await kinds(Array.from({ length: 2_500 }, (_, number) => submit(loop, `run-${number}`)));
    expect(batches.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
    await kinds([submit(loop, 'a', { bytes: 3 * 1024 * 1024 }), submit(loop, 'b', { bytes: 3 * 1024 * 1024 })]);
    expect(batches.slice(3)).toEqual([['a'], ['b']]);
  });

  it('leaves alone what was delivered too often', async () => {
    const { loop, batches } = storeOf();
    await kinds([submit(loop, 'a'), submit(loop, 'suspect', { alone: true }), submit(loop, 'b')]);
    expect(batches).toEqual([['a'], ['suspect'], ['b']]);
  });

  it('repeats a batch for a deadlock and blames no event', async () => {
    const { loop, told } = storeOf((_items, turn) => (turn < 3 ? sqlError('40P01') : null));
    expect(await kinds([submit(loop, 'a'), submit(loop, 'b')])).toEqual(['done', 'done']);
    expect(told).toEqual(['repeated', 'repeated']);
  });

  it('finds the one event that cannot be stored, and writes all others', async () => {
    const { loop } = storeOf((items) => (items.some(({ instanceId }) => instanceId === 'bad') ? sqlError('22P05') : null));
    const names = ['a', 'b', 'bad', 'c', 'd'];
    expect(await kinds(names.map((name) => submit(loop, name)))).toEqual(['done', 'done', 'failed', 'done', 'done']);
  });

  it('gives events back while the store is away, and keeps what somebody waits for', async () => {
    const { loop, told } = storeOf((_items, turn) => (turn === 1 ? new StoreError('away', 'gone') : null));
    const patient = submit(loop, 'a', { waitsUntil: performance.now() + 60_000 });
    expect(await kinds([patient, submit(loop, 'b')])).toEqual(['done', 'unavailable']);
    expect(told).toEqual(['lost', 'back']);
  });

  it('gives back what comes after it was closed', async () => {
    const { loop } = storeOf();
    const first = submit(loop, 'a');
    await loop.close();
    expect(await kinds([first, submit(loop, 'b')])).toEqual(['done', 'unavailable']);
  });
});
