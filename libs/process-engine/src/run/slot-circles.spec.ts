import { describe, expect, it } from '@jest/globals';
import { circlesOf } from './slot-circles.js';

const run = (id: string, key: string, phase: 'body' | 'queued', ancestors: readonly string[] = [], isAwaited = true) => {
  return { id, key, phase, ancestors, isAwaited, namespace: 'default', limit: 1, policy: 'queue' as const };
};
const circles = (...runs: Parameters<typeof circlesOf>[0]) => Object.fromEntries(circlesOf(runs));

describe('circles of waiting', () => {
  it('are two parents whose children want each other’s key', () => {
    const runs = [run('p', 'one', 'body'), run('q', 'two', 'body'), run('pc', 'two', 'queued', ['p']), run('qc', 'one', 'queued', ['q'])];
    expect(circles(...runs)).toEqual({ pc: ['q'], qc: ['p'] });
  });

  it('hold up those behind them, too', () => {
    const runs = [run('p', 'one', 'body'), run('q', 'two', 'body'), run('pc', 'two', 'queued', ['p']), run('qc', 'one', 'queued', ['q'])];
    expect(circles(...runs, run('r', 'one', 'queued'))).toMatchObject({ r: ['p'] });
  });

  it('are none where one of them will end by itself', () => {
    expect(circles(run('p', 'one', 'body'), run('q', 'two', 'body'), run('pc', 'two', 'queued', ['p']))).toEqual({});
    expect(circles(run('p', 'one', 'body'), run('r', 'one', 'queued'))).toEqual({});
  });

  it('are none where a parent does not wait for its child', () => {
    const runs = [
      run('p', 'one', 'body'),
      run('q', 'two', 'body'),
      run('pc', 'two', 'queued', ['p'], false),
      run('qc', 'one', 'queued', ['q']),
    ];
    expect(circles(...runs)).toEqual({});
  });
});
