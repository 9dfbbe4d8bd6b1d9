import { describe, expect, it } from '@jest/globals';
import { processOf, Simulation } from '../testing/index.js';

const waiting = (keys: string, script = {}): Simulation =>
  new Simulation(processOf(`variables: [{ name: seen, type: any }]\nflow: [{ id: paid, type: wait, ${keys} }, { id: after, uses: log }]`), {
    script,
  });
const opened = (run: Simulation) => [...run.store.signalWaits.values()].map(({ name, key, attempt }) => ({ name, key, attempt }));

describe('a wait', () => {
  it('goes on with what the signal brings', () => {
    const run = waiting('signal: "payment.${{ run.namespace }}", key: "${{ 40 + 2 }}", set: { seen: "${{ result.amount }}" }', {
      paid: { signal: { amount: 7 } },
    });
    expect(run.row('paid')).toMatchObject({ status: 'WAITING', input: { signal: 'payment.default', key: '42' } });
    expect(opened(run)).toEqual([{ name: 'payment.default', key: '42', attempt: 1 }]);
    expect(run.play().outcome).toEqual(['paid SUCCESS', 'after SUCCESS']);
    expect(run.row('paid').result).toEqual({ amount: 7 });
    expect(run.run.variables).toEqual({ seen: 7 });
    expect(opened(run)).toEqual([]);
  });

  it('says which signal it took, and that the one meant for it is free when it took none', () => {
    const run = waiting('signal: go');
    const { id } = run.row('paid');
    const event = { kind: 'signal', taskInstanceId: id, attempt: 1, signalId: 's1', payload: null } as const;
    const { signalWaits } = run.apply(event).changes;
    expect(signalWaits.closed).toEqual([{ taskInstanceId: id, attempt: 1, signalId: 's1' }]);
    const stopped = waiting('signal: go');
    const closed = stopped.apply({ kind: 'operation', operation: { name: 'stop' }, actor: 'x' }).changes.signalWaits.closed;
    expect(closed).toEqual([{ taskInstanceId: stopped.row('paid').id, attempt: 1, signalId: null }]);
  });

  it('takes one signal: a second one, or the same again, means nothing', () => {
    const run = waiting('signal: go');
    const event = { kind: 'signal', taskInstanceId: run.row('paid').id, attempt: 1, signalId: 's1', payload: 1 } as const;
    run.apply(event);
    expect(run.apply(event).changed).toBe(false);
    expect(run.apply({ ...event, signalId: 's2', payload: 2 }).changed).toBe(false);
    expect(run.row('paid').result).toBe(1);
  });

  it('ends with timeout.run when nothing comes; its strategies apply', () => {
    const run = waiting('signal: go, timeout: 1h, onError: ignore').play();
    expect(run.row('paid')).toMatchObject({ status: 'SKIP', reason: 'timeout.run', finishedAt: 3_600_000 });
    expect(run.status).toBe('SUCCESS');
  });

  it('waits anew when it is repeated', () => {
    const run = waiting('signal: go, timeout: 10s, retry: { limit: 1, delay: 5s }').play(16_000);
    expect(opened(run)).toEqual([{ name: 'go', key: '', attempt: 2 }]);
    const late = { kind: 'signal', taskInstanceId: run.row('paid').id, attempt: 1, signalId: 's1', payload: 1 } as const;
    expect(run.apply(late).changed).toBe(false);
  });

  it('has a time-out that stands still while the run is paused, and takes its signal meanwhile', () => {
    const run = waiting('signal: go, timeout: 10s', { paid: { signal: 'x', after: 60_000 } }).play(4_000);
    run.operate({ name: 'pause' });
    run.play(70_000);
    expect(run.outcome).toEqual(['paid SUCCESS']);
    run.operate({ name: 'resume' });
    expect(run.play().outcome).toEqual(['paid SUCCESS', 'after SUCCESS']);
  });

  it.each(['${{ [1] }}', '${{ null }}', `\${{ 'x' + '${'y'.repeat(300)}' }}`])('fails when its key is %s', (key) => {
    const run = waiting(`signal: go, key: "${key}"`).play();
    expect(run.row('paid')).toMatchObject({ status: 'FAILURE', reason: 'expression' });
    expect(opened(run)).toEqual([]);
  });
});
