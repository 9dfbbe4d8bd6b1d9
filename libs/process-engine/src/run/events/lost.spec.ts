import { describe, expect, it } from '@jest/globals';
import { type Played, processOf, Simulation, succeeds } from '../testing/index.js';

const GONE: Played = { lost: true, after: 500, idempotent: true };

const lose = (plays: Played | readonly Played[], keys = ''): Simulation =>
  new Simulation(processOf(`flow: [{ id: a, uses: log${keys && `, ${keys}`} }]`), { script: { a: plays } }).play();

describe('a lost attempt', () => {
  it('of an idempotent task is delivered again without using up an attempt', () => {
    const run = lose([GONE, GONE, succeeds({ n: 1 }, { idempotent: true })]);
    expect(run.row('a')).toMatchObject({ status: 'SUCCESS', attempt: 1, dispatch: 3 });
    expect(run.store.attempts).toEqual([]);
  });

  it('is delivered again three times in a row at most', () => {
    const run = lose(GONE);
    expect(run.row('a')).toMatchObject({ status: 'FAILURE', reason: 'infra', attempt: 1, dispatch: 4 });
  });

  it('of another task is a failed attempt with reason infra', () => {
    expect(lose({ ...GONE, idempotent: false }).row('a')).toMatchObject({ status: 'FAILURE', reason: 'infra', dispatch: 1 });
  });

  it('of another task is repeated only where the retry allows that reason', () => {
    const plays = [{ ...GONE, idempotent: false }, succeeds()];
    expect(lose(plays, 'retry: { limit: 1, delay: 1s, reasons: [infra] }').row('a')).toMatchObject({ status: 'SUCCESS', attempt: 2 });
    expect(lose(plays, 'retry: { limit: 1, delay: 1s, reasons: [user] }').row('a')).toMatchObject({ status: 'FAILURE', attempt: 1 });
  });

  it('takes the word of the node over that of the task type', () => {
    expect(lose([GONE, succeeds()], 'idempotent: false').row('a').status).toBe('FAILURE');
    expect(lose([{ ...GONE, idempotent: false }, succeeds()], 'idempotent: true').row('a').status).toBe('SUCCESS');
  });

  it('that its worker stopped unasked is a loss, too', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, idempotent: true }]'), { script: { a: { hangs: true } } }).play(0);
    const { id, token } = run.row('a');
    run.apply({ kind: 'finished', taskInstanceId: id, attempt: 1, dispatch: 1, token: token ?? '', outcome: { status: 'STOP' } });
    expect(run.row('a')).toMatchObject({ status: 'PENDING', dispatch: 2 });
  });

  it('during a pause waits for the resume', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }]'), { script: { a: [GONE, succeeds()] } }).play(0);
    run.operate({ name: 'pause' });
    run.play(10_000);
    expect(run.row('a').status).toBe('PENDING');
    expect(run.dispatches).toHaveLength(1);
    run.operate({ name: 'resume' });
    expect(run.play().status).toBe('SUCCESS');
  });

  it('of a stopped run is the end of it', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }]'), { script: { a: { hangs: true, idempotent: true } } }).play(0);
    const { id, token } = run.row('a');
    run.operate({ name: 'stop' });
    run.apply({ kind: 'lost', taskInstanceId: id, attempt: 1, dispatch: 1, token: token ?? '', message: 'gone' });
    expect(run.status).toBe('STOP');
    expect(run.row('a').status).toBe('STOP');
  });
});
