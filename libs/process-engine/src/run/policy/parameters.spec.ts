import { describe, expect, it } from '@jest/globals';
import { compileCallbacks } from '../../definition/compile.js';
import { fails, processOf, Simulation, succeeds } from '../testing/index.js';

const TWO = processOf('flow: [{ id: a, uses: log }, { id: b, uses: log }]');
const retry = { limit: 2, delay: { kind: 'literal', value: 4_000 }, backoff: 'fixed', factor: 1, jitter: 0 } as const;

describe('system parameters', () => {
  it('repeat a task that says nothing about failures', () => {
    const run = new Simulation(TWO, { settings: { taskRetry: retry }, script: { a: [fails('once'), fails('twice'), succeeds()] } }).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.row('a')).toMatchObject({ attempt: 3, finishedAt: expect.any(Number) });
  });

  it('pass a failed task over, or hold it for a person', () => {
    const ending = (taskOnError: 'ignore' | 'hold') =>
      new Simulation(TWO, { settings: { taskOnError }, script: { a: fails('boom') } }).play(10_000).outcome;
    expect(ending('ignore')).toEqual(['a SKIP', 'b SUCCESS']);
    expect(ending('hold')).toEqual(['a FAILURE']);
  });

  it('never go before what a node says itself', () => {
    const process = processOf('flow: [{ id: a, uses: log, onError: raise }]');
    const settings = { taskRetry: retry, taskOnError: 'ignore' as const };
    expect(new Simulation(process, { settings, script: { a: fails('boom') } }).play().outcome).toEqual(['a FAILURE']);
  });

  it('tell of the end of a run whose process has no callbacks, and leave alone one that has', () => {
    const runCallbacks = compileCallbacks([{ states: ['FAILURE'], uses: 'email.send', with: { subject: '${{ run.status }}' } }]);
    const told = (callbacks: string) =>
      new Simulation(processOf(`flow: [{ id: a, uses: log }]\n${callbacks}`), { settings: { runCallbacks }, script: { a: fails('boom') } })
        .play()
        .rows.filter(({ kind }) => kind === 'callback')
        .map(({ uses, input }) => [uses, input]);
    expect(told('')).toEqual([['email.send', { subject: 'FAILURE' }]]);
    expect(told('callbacks: [{ states: [SUCCESS], uses: log }]')).toEqual([]);
  });
});
