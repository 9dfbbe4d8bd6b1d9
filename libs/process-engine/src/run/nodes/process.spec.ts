import { describe, expect, it } from '@jest/globals';
import { wishForChild } from '../child-links.js';
import type { ChildEvent } from '../event.js';
import { fails, processOf, runs, type Script, Simulation, succeeds } from '../testing/index.js';

const calling = (keys = '', script: Script = {}): Simulation =>
  new Simulation(
    processOf(
      `variables: [{ name: seen, type: any }]\nflow: [{ id: call, type: process, process: other, ${keys} }, { id: after, uses: log }]`,
    ),
    { script },
  );
const askedFor = (run: Simulation) => {
  const { waitsFor, id: taskInstanceId } = run.row('call');
  if (waitsFor?.kind !== 'child') throw new Error('it waits for no run');
  return { taskInstanceId, instanceId: waitsFor.instanceId };
};

describe('a process node', () => {
  it('asks for a run with its inputs and has its outputs as result', () => {
    const run = calling('inputs: { n: "${{ 40 + 2 }}" }, set: { seen: "${{ result.sum }}" }', { call: succeeds({ sum: 7 }) });
    expect(run.row('call')).toMatchObject({ status: 'WAITING', input: { n: 42 }, waitsFor: { kind: 'child' } });
    expect(run.play().outcome).toEqual(['call SUCCESS', 'after SUCCESS']);
    expect(run.row('call').result).toEqual({ sum: 7 });
    expect(run.run.variables).toEqual({ seen: 7 });
  });

  it('goes on as soon as the run has started when it does not wait', () => {
    const run = calling('wait: false', { call: runs });
    const { instanceId } = askedFor(run);
    expect(run.play().outcome).toEqual(['call SUCCESS', 'after SUCCESS']);
    expect(run.row('call').result).toEqual({ instanceId });
  });

  it('fails with the reason of the run, and asks for another one when it is repeated', () => {
    const run = calling('retry: { limit: 1, delay: 5s }', { call: [fails('no disk', 'infra'), succeeds({ ok: true })] });
    const { instanceId } = askedFor(run);
    run.play(6_000);
    expect(askedFor(run).instanceId).not.toBe(instanceId);
    expect(run.store.attempts).toMatchObject([{ failure: { reason: 'infra', message: 'no disk' } }]);
    expect(run.play().status).toBe('SUCCESS');
  });

  it('fails when its run was stopped by somebody else; that is not repeated', () => {
    const run = calling('retry: { limit: 3 }', { call: fails('Stopped by eve.', 'stopped') }).play();
    expect(run.row('call')).toMatchObject({ status: 'FAILURE', reason: 'stopped', attempt: 1 });
  });

  it('takes the word of its run once', () => {
    const run = calling('', { call: runs });
    const event: ChildEvent = { kind: 'child', ...askedFor(run), outcome: { status: 'SUCCESS', outputs: { n: 1 } } };
    expect(run.apply({ ...event, instanceId: 'another' }).changed).toBe(false);
    expect(run.apply(event).changed).toBe(true);
    expect(run.apply(event).changed).toBe(false);
  });

  it('ends with a stop when its run has ended, and wants it stopped until then', () => {
    const run = calling('', { call: runs });
    const link = askedFor(run);
    run.operate({ name: 'stop' });
    expect([run.run.phase, run.row('call').status]).toEqual(['stopping', 'WAITING']);
    expect(wishForChild(run.run, link)).toBe('stopped');
    expect(run.play().outcome).toEqual(['call STOP']);
    expect(run.status).toBe('STOP');
  });

  it('does not wait when it is stopped by force', () => {
    const run = calling('', { call: runs });
    const link = askedFor(run);
    expect(run.apply({ kind: 'operation', operation: { name: 'stop', force: true }, actor: 'x' }).changes.children).toEqual([link]);
    expect(run.outcome).toEqual(['call STOP']);
    expect(wishForChild(run.run, link)).toBe('stopped by force');
  });

  it('pauses its run with itself', () => {
    const run = calling('', { call: runs });
    const link = askedFor(run);
    const { changes } = run.apply({ kind: 'operation', operation: { name: 'pause' }, actor: 'x' });
    expect(changes.children).toEqual([link]);
    expect(wishForChild(run.run, link)).toBe('paused');
    run.operate({ name: 'resume' });
    expect(wishForChild(run.run, link)).toBe('runs');
  });

  it('ends with timeout.run when its run takes too long, after that has been stopped', () => {
    const run = calling('timeout: 10s, retry: { limit: 1, delay: 1s }', { call: [runs, succeeds({})] }).play(10_000);
    expect(run.row('call')).toMatchObject({ status: 'WAITING', reason: 'timeout.run' });
    expect(run.play().status).toBe('SUCCESS');
    expect(run.store.attempts).toMatchObject([{ failure: { reason: 'timeout.run' } }]);
  });
});
