import { describe, expect, it } from '@jest/globals';
import { fails, processOf, runs, Simulation, succeeds } from '../testing/index.js';

describe('a time-out', () => {
  it('of a task is told to the worker and kept by it', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, timeout: 30s }, { id: b, uses: log }]'), {
      script: { a: fails('It ran longer than 30 s.', 'timeout.run') },
    }).play();
    expect(run.row('a')).toMatchObject({ timeoutMs: 30_000, status: 'FAILURE', reason: 'timeout.run' });
  });

  it('of a task without its own value is the system parameter', () => {
    expect(new Simulation(processOf('flow: [{ id: a, uses: log }]')).row('a').timeoutMs).toBe(3_600_000);
  });

  it('may be an expression giving seconds or a duration', () => {
    const process = processOf(`
params: [{ name: limit, type: text }]
flow: [{ id: a, uses: log, timeout: "\${{ params.limit }}" }]`);
    const timeoutOf = (limit: string | number): number | null => new Simulation(process, { params: { limit } }).row('a').timeoutMs;
    expect([timeoutOf(90), timeoutOf('2m')]).toEqual([90_000, 120_000]);
    for (const limit of ['soon', 0, '0s']) {
      expect(new Simulation(process, { params: { limit } }).play().row('a')).toMatchObject({ status: 'FAILURE', reason: 'expression' });
    }
  });

  it('that the worker forgot is kept by the executor after timeout, grace and 10 s', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, timeout: 30s }]'), { script: { a: { hangs: true } } }).play();
    expect(run.row('a')).toMatchObject({ status: 'FAILURE', reason: 'timeout.run', finishedAt: 50_000 });
  });

  it('is repeated where the retry allows it', () => {
    const process = processOf('flow: [{ id: a, uses: log, timeout: 30s, retry: { limit: 1, delay: 1s, reasons: [timeout.run] } }]');
    const run = new Simulation(process, { script: { a: [{ hangs: true }, succeeds()] } }).play();
    expect(run.row('a')).toMatchObject({ status: 'SUCCESS', attempt: 2 });
  });

  it('of the queue ends a task that nobody took', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, queueTimeout: 2m }]'), { script: { a: { unclaimed: true } } }).play();
    expect(run.row('a')).toMatchObject({ status: 'FAILURE', reason: 'timeout.queue', finishedAt: 120_000, startedAt: null });
  });

  it('of the queue counts from the moment the task is ready, for every attempt, and is repeated where the retry allows it', () => {
    const process = processOf(`variables: [{ name: patience, type: integer, value: 60 }]
flow:
  - { id: first, uses: log }
  - { id: a, uses: log, queueTimeout: "\${{ vars.patience }}", retry: { limit: 1, delay: 10s, reasons: [timeout.queue] } }`);
    const run = new Simulation(process, { script: { first: { after: 30_000 }, a: { unclaimed: true } } }).play();
    expect(run.row('a')).toMatchObject({
      status: 'FAILURE',
      reason: 'timeout.queue',
      attempt: 2,
      finishedAt: 30_000 + 60_000 + 10_000 + 60_000,
    });
  });

  it('of a sign of life is resolved once and told to the worker', () => {
    const process = processOf(`variables: [{ name: beat, type: integer, value: 45 }]
flow:
  - { id: a, uses: log, heartbeatTimeout: "\${{ vars.beat }}s", set: { beat: 90 } }
  - { id: b, uses: log, heartbeatTimeout: "\${{ vars.beat }}" }
  - { id: c, uses: log }`);
    const run = new Simulation(process).play();
    expect(['a', 'b', 'c'].map((id) => run.row(id).heartbeatTimeoutMs)).toEqual([45_000, 90_000, null]);
  });

  it('of the queue means nothing once the task was taken', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, queueTimeout: 2m }]'), { script: { a: { after: 300_000 } } });
    run.play(1_000);
    run.now = 130_000;
    const late = run.apply({ kind: 'deadline', taskInstanceId: run.row('a').id, attempt: 1, reason: 'timeout.queue' });
    expect(late.changed).toBe(false);
    expect(run.play().status).toBe('SUCCESS');
  });

  it('of the process ends the run as FAILURE after its teardown', () => {
    const run = new Simulation(processOf('timeout: 10s\nflow: [{ id: a, uses: log }]\nteardown: [{ id: t, uses: log }]'), {
      script: { a: runs, t: { after: 60_000 } },
    }).play();
    expect(run.status).toBe('FAILURE');
    expect(run.run.error?.reason).toBe('timeout.run');
    expect(run.outcome).toEqual(['a STOP', 't SUCCESS']);
    expect(run.run.finishedAt).toBe(70_100);
  });

  it('of the process does not count the time of the teardown', () => {
    const run = new Simulation(processOf('timeout: 10s\nflow: [{ id: a, uses: log }]\nteardown: [{ id: t, uses: log }]'), {
      script: { t: { after: 60_000 } },
    }).play();
    expect(run.status).toBe('SUCCESS');
  });

  it('of the teardown ends it and leaves the outcome of the body', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }]\nteardown: [{ id: t, uses: log }, { id: u, uses: log }]'), {
      script: { t: { unclaimed: true } },
    }).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['a SUCCESS', 't STOP']);
    expect(run.run.finishedAt).toBe(1_000 + 600_000);
  });
});

describe('a delay', () => {
  it('waits for its time', () => {
    const run = new Simulation(processOf('flow: [{ id: d, type: delay, for: 90s }, { id: a, uses: log }]')).play();
    expect(run.row('d')).toMatchObject({ status: 'SUCCESS', startedAt: 0, finishedAt: 90_000 });
  });

  it('waits until a moment, and not at all for one that has passed', () => {
    const until = (at: string): number | null =>
      new Simulation(processOf(`flow: [{ id: d, type: delay, until: "${at}" }]`)).play().row('d').finishedAt;
    expect([until('1970-01-01T00:01:00Z'), until('1969-01-01T00:00:00Z')]).toEqual([60_000, 0]);
  });

  it('fails on what is no moment', () => {
    expect(new Simulation(processOf('flow: [{ id: d, type: delay, until: tomorrow }]')).play().row('d')).toMatchObject({
      reason: 'expression',
    });
  });
});
