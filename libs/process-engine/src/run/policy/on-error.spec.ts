import { describe, expect, it } from '@jest/globals';
import { fails, processOf, Simulation } from '../testing/index.js';

const failing = (onError: string, until?: number): Simulation =>
  new Simulation(
    processOf(`
flow:
  - { id: a, uses: log, onError: ${onError} }
  - { id: b, uses: log }
  - { id: c, uses: log }`),
    { script: { a: fails('boom', 'user', { result: { exitCode: 1 } }) } },
  ).play(until);

describe('onError', () => {
  it('raise fails the scope', () => {
    expect(failing('raise').outcome).toEqual(['a FAILURE']);
  });

  it('ignore goes on with the very next node; the node is SKIP and keeps error and result', () => {
    const run = failing('ignore');
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['a SKIP', 'b SUCCESS', 'c SUCCESS']);
    expect(run.row('a')).toMatchObject({ skipReason: 'ignored', failed: true, error: { message: 'boom' }, result: { exitCode: 1 } });
  });

  it('goto goes on with that node', () => {
    const run = failing('{ goto: c }');
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['a FAILURE', 'c SUCCESS']);
  });

  it('hold keeps the node FAILURE and its scope waiting for an operator', () => {
    const run = failing('hold', 10_000);
    expect(run.status).toBe('RUNNING');
    expect(run.outcome).toEqual(['a FAILURE']);
    expect(run.row('a').waitsFor).toEqual({ kind: 'operator', since: '1970-01-01T00:00:01.000Z' });
  });

  it('hold ends with the run when it is stopped', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, onError: hold }]\nteardown: [{ id: t, uses: log }]'), {
      script: { a: fails() },
    }).play(10_000);
    run.operate({ name: 'stop' });
    run.play();
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['a FAILURE', 't SUCCESS']);
  });

  it('ignore of the process makes the run SUCCESS and keeps the error', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }]\nonError: ignore'), { script: { a: fails('boom') } }).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.run.error?.message).toBe('a: boom');
  });
});
